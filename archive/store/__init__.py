"""Keeps readings: the catalogue in SQLite and the captured pages by SHA-256."""
