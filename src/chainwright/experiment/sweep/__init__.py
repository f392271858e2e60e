"""Sweeps: designs of many points, their replications packed into unions and spread over an engine, and the tables they give."""
