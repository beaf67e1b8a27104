"""What text is, and when two texts are the same: cleaning, normal form, numerals and pinyin."""
