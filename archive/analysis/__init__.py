"""Derives findings from kept reports: coverage, comparison, measures, breaks between years."""
