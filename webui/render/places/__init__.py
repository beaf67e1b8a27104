"""Lays out agencies and the divisions that they lie in: filters, lists and the map of provinces."""
