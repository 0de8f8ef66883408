"""The named statements that read, one page per noun."""
