"""What is taken along and brought back: links, files and scripts of what was done on a page."""
