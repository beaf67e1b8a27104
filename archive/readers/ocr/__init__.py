"""What does a picture of a page say? Read with the models of rapidocr, an extra: `pip install gongkai[ocr]`.

Not for the meaning of blocks. Order of files: `recognise`, `pictures`, `find_lines`, `ruled_cells`, `cleaned`,
`quarter_turns`, `number_readings`, `cut_tables`, `sheets`, `placing`, `scanned_pages`. They import the extra;
`archive.readers.scans` imports them when it is installed.
"""
