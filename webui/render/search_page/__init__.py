"""Parts of the search page beside its hits."""
