"""Networks of firms from a list of who sells to whom: reading it, balancing it, telling what was derived."""
