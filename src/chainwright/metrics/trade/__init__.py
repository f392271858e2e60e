"""What is measured of trade: sums while a world runs, definitions, and the tables of a result."""
