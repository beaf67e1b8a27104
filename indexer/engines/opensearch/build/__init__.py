"""How does an index in a cluster follow the catalogue, and what do its documents contain?"""
