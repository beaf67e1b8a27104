"""One module for each page, named like its URL."""
