"""The size of the attacks: the short form of `make test-all`, or the long form of `make test-attack`."""

from __future__ import annotations

import os
import random

IS_LONG = os.environ.get("GONGKAI_ATTACKS") == "long"
PATIENCE = 600.0
"""Seconds to wait for an event that must come; an idle machine needs a few."""


def size(short: int, long: int) -> int:
    return long if IS_LONG else short


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (not used for secrets)
