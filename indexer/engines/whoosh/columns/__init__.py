"""Memory-mapped columns, posting lists and bigrams of an index."""
