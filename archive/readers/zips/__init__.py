"""Zips: `zip_files` cuts one into its pages, `joined` is one page and the documents that it links to."""
