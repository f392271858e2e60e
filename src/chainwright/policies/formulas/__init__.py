"""Closed forms of the textbooks, computed from parameters and never on a view."""
