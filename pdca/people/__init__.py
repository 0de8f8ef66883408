"""People: who acts, who is told, and which functions they hold."""
