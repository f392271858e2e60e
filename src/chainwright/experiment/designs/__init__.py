"""Designs of experiments: factors, the points to play, and what they tell about sensitivity."""
