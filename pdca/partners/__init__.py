"""Partners: how they are involved, and what they say back."""
