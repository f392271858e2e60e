"""Figures, tables and the self-contained report page of a result."""
