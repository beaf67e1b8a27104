"""How much a page may take to be read: the settings of all readers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one source may take. Sizes are in bytes."""

    seconds: float = 10.0
    """From the first byte given to the reader to its last word."""
    memory: int = 1 << 30
    """Address space of the process that reads."""
    near: int = _MEGABYTE
    """HTML and text up to this size are read where they are; everything else in a process of its own."""
    members: int = 5_000
    """Files in a zip."""
    unpacked: int = 200 * _MEGABYTE
    """All files of a zip together, as declared and as they really are; also one record of a WARC."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """The limits with those that `GONGKAI_READ_SECONDS` and `GONGKAI_READ_MEMORY` (in MB) set.

        A value that is no positive number is left out: a limit is never lost by a slip.
        """
        given = cls()
        seconds = _positive(environment.get("GONGKAI_READ_SECONDS")) or given.seconds
        megabytes = _positive(environment.get("GONGKAI_READ_MEMORY"))
        return cls(seconds=seconds, memory=int(megabytes * _MEGABYTE) if megabytes else given.memory)


def _positive(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


LIMITS = Limits.from_environment(os.environ)
