"""Cleans text, and tells when two texts are the same: normal form, numerals, pinyin."""
