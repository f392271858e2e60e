"""Calibrating: the parameters with which simulated series come nearest to observed ones."""
