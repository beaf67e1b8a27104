"""Orders sections for a sample, as the embedded engine does: the same seed draws the same sections."""

from __future__ import annotations

_MASK = (1 << 64) - 1


def sample_key(identity: int, seed: int) -> int:
    """Hashes the number of a section with a seed (splitmix64 by Steele, Lea and Flood)."""
    state = (identity + seed * 0x9E3779B97F4A7C15) & _MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)
