"""Tests of scenarios: reading, checking, changing, resolving and saving."""
