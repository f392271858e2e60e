"""Checking scenarios: each entry alone, then what the sound ones mean together."""
