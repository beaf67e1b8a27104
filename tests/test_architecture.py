"""Tests that ARCHITECTURE.md names only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# '| 3 | `archive/readers/registry.py`, then one reader | a `Page` |' and '`dates.py`' in the same cell
ROWS = re.findall(r"^\| \d+ \| (.+?) \|", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.MULTILINE)


def paths(cell: str) -> list[Path]:
    """The files of a cell; a name without a folder is in the folder of the one before it."""
    found: list[Path] = []
    for name in re.findall(r"`([\w/]+\.py)`", cell):
        path = ROOT / name
        found.append(path if path.exists() or not found or "/" in name else found[-1].with_name(Path(name).name))
    return found


@pytest.mark.parametrize("cell", ROWS)
def test_the_files_of_a_step_exist(cell: str) -> None:
    assert paths(cell) and [path for path in paths(cell) if not path.exists()] == []
