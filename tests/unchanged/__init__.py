"""Results that a change of the house, and not of what is counted, must keep to the last bit."""
