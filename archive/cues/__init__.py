"""Recognises a single line: a heading, a title, an agency name, a place, boilerplate."""
