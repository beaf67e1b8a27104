"""Finds statutory tables on a page, reads their rows into figures and checks their arithmetic."""
