"""Tables that people bring: letters, separators, spreadsheets, numbers, dates and sums, read in one way for all who need a table."""
