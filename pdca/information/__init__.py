"""Informing partners, authorities and the population: reports are prepared, approved, handed over, and received."""
