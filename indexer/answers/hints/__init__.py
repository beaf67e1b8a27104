"""What to propose to a reader whose query names an agency, is misspelt, or is in English."""
