"""Erasure: taking personal values and their salts away everywhere, while every proof of the log holds."""
