"""Compound files (MS-CFB), the containers of DOC and XLS: streams in sectors, linked by tables."""

from __future__ import annotations

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
# The tables that the header lists: enough for 7 MB, and later sectors are not checked.
_TABLES_IN_HEADER = 109
_SECTOR_SHIFTS = range(7, 13)


def has_stream(data: bytes, *names: str) -> bool:
    """Whether the file is a compound file and one of its directory entries, which end with a NUL, has such a name."""
    return data.startswith(SIGNATURE) and any(f"{name}\0".encode("utf-16-le") in data for name in names)


def is_cut(data: bytes) -> bool:
    """Whether the file ends before the last sector that its tables list."""
    shift = int.from_bytes(data[30:32], "little")
    if len(data) < 512 or shift not in _SECTOR_SHIFTS:
        return True
    size, last = 1 << shift, -1
    for index, table in enumerate(struct.unpack_from(f"<{_TABLES_IN_HEADER}I", data, 76)):
        if table == _FREE:
            break
        start = (table + 1) << shift
        if len(data) < start + size:
            return True
        links = struct.unpack_from(f"<{size >> 2}I", data, start)
        used = [number for number, link in enumerate(links) if link != _FREE]
        last = max(last, index * len(links) + used[-1] if used else -1)
    return len(data) <= (last + 1) << shift
