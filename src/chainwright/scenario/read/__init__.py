"""Reading scenarios: files, tables and documents to plain data, with the place of everything that they say."""
