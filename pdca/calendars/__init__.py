"""Calendars of what happens by date: what stands in them by the log, who reads what, and in which words."""
