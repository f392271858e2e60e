"""Optimising over simulation: a goal, a space, searches, polishing, and a final on fresh replications."""
