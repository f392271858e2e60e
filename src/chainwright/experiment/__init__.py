"""Floor 5: running scenarios, their results, comparisons, and checks against known results."""
