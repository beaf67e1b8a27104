"""Splits text into words and weighs keywords: jieba with the dictionary of this field."""
