"""How does the program talk to a cluster?"""
