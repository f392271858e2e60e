"""How many periods a scenario needs until it has forgotten how it began."""
