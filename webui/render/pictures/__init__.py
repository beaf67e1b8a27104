"""Draws the chart of a page as a file that states its source.

Order: `canvas`, `charts`, `framed`, `png`, `files`.
"""
