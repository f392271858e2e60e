"""Floor 3: what happens in a period, one phase a file; `period.py` orders them."""
