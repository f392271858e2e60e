"""Floor 0: the words of the model (every column declared once) and the errors a user may see."""
