"""Indicators: what they measure, what is aimed at, and what a series of figures says."""
