"""The error for a file of an index that is not as it was written."""

from __future__ import annotations

from pathlib import Path

from archive.errors import DamagedArchive


def damaged_index(path: Path) -> DamagedArchive:
    """Returns the error for an index in which `path` is damaged or missing."""
    return DamagedArchive(
        f"索引已损坏或不完整：{path}。请运行 gongkai index --rebuild。",
        f"The index is damaged or incomplete: {path}. Run gongkai index --rebuild.",
    )
