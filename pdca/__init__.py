"""Plan-Do-Check-Adjust for public bodies: records, the one write path, the audit log, the command line."""

__version__ = "0.1.0"
