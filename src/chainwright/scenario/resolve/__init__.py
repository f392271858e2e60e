"""Resolving scenarios: from a valid document to the columns of a blueprint."""
