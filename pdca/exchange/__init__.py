"""What comes in and goes out: the import format in YAML, read safely and checked before anything is written."""
