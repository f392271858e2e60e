"""Timelines: runs that are played period by period, looked back at, changed by hand and branched."""
