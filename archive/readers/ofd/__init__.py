"""OFD (GB/T 33190-2016): `ofd_pages` finds the pages, `ofd_objects` the text and rules on them, `ruled_tables` the grids."""
