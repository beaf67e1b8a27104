"""Lays out the figures of agencies as series over years for pages, and as records for files and the API."""
