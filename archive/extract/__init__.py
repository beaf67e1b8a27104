"""Turns the blocks of a page into reports: boundaries, dates, agencies, sections, prose figures."""
