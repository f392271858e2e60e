"""Engines of a sweep: who plays its packs, here, in processes, on a cluster."""
