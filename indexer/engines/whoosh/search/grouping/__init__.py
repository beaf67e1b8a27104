"""Groups hits: which of them say the same?"""
