"""Floor 4: networks as tables, their levels and echelons, and their union."""
