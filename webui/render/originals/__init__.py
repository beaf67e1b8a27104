"""How is an original shown in the browser? Not for reading it, which decides on its reports.

Files in order: `folded_text` (where a text stands in others), `report_position` (where a report or a section begins),
`html_rendering` (an HTML page as markup that runs nothing and loads nothing).
"""
