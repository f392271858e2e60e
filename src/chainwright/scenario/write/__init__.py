"""Writing scenarios: as text, as tables, and the schema by which editors check them."""
