"""Tests of policies: one inherited suite for all of them, and the numbers of the textbooks."""
