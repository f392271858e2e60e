"""Tests of figures, tables and the report page."""
