"""Engines: each a visitor of the tree of a query, all with the same answers."""
