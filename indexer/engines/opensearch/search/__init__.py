"""Which sections match, how often, and where?"""
