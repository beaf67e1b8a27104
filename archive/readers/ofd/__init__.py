"""OFD (GB/T 33190-2016): `ofd_pages` finds the pages, `ofd_objects` what is on them, `ruled_tables` the grids."""
