"""The records: tables, both database engines, the unit of work, and every SQL statement of the program."""
