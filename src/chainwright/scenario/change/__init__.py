"""Changing scenarios: settings at paths, variants and interventions."""
