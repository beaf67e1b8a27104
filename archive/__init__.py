"""Reads pages into reports and keeps them. Import names from the modules that define them."""
