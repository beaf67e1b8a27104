"""Benchmarks; none passes or fails."""
