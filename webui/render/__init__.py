"""Prepares what templates show: layouts, highlights, grids and charts."""
