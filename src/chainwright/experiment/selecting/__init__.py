"""Selecting the best of a few candidates with a stated probability."""
