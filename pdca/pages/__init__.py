"""Pages that leave the house: facts laid out for readers, as HTML, Markdown and PDF."""
