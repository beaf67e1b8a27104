"""Zips: `zip_files` cuts one into its pages, `joined` makes a page and its documents or pictures one."""
