"""Converts URL parameters into requests and back."""
