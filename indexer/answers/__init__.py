"""What an engine returns: totals, hits, concordances, trends, and the data version they rest on."""
