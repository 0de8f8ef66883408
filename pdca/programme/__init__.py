"""Programmes and objectives: what is retained, and what outside authorities decide."""
