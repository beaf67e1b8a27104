"""Benchmarks: never a pass or fail."""
