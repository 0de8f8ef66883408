"""Evaluations: recording them, moving their date, and enforcing what falls due."""
