"""The ground floor: which steps a plan may take and why not, and when a date falls; no I/O, no clock, no logging."""
