"""Evaluates query trees over the columns: matches, ranking, facets, occurrences."""
