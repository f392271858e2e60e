"""Floor 4: what is measured, defined once, accumulated while a world runs, and laid out as tables."""
