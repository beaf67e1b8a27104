"""The query language: parses a query into a tree, explains it and reports its errors."""
