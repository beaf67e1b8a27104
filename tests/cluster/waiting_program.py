"""Runs the program, which waits before it reads a file `page.txt` until the file `continue` is beside it.

The way to keep a worker at one place while the tests look at it, kill it or restart a server.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.ingest import pool
from gongkai.cli import main

_read = pool.pages_of


def _wait_and_read(path: Path, *rest: Any) -> Iterator[Any]:
    while path.name == "page.txt" and not path.with_name("continue").exists():
        time.sleep(0.05)
    yield from _read(path, *rest)


if __name__ == "__main__":
    pool.pages_of = _wait_and_read  # type: ignore[assignment]
    main()
