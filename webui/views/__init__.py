"""Answers requests: one module for each page."""
