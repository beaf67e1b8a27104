"""What a single line can be recognised as: a heading, a title, an agency name, boilerplate."""
