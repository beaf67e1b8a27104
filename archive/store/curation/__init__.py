"""Which decisions of a curator change the agencies, and which the states of notices? Not for recognising names."""
