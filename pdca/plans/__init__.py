"""Action plans: the facts about one, and the transitions it takes."""
