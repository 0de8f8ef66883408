"""What goes from one cycle of a plan to the next: predictions, decisions over activities, and follow-ups."""
