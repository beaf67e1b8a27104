"""The folder of an archive."""

from __future__ import annotations

from pathlib import Path

from archive.errors import UnusableHome
from archive.store.durable import make_directory


def make_home(home: Path) -> Path:
    """Returns the folder, created if it does not exist.

    Raises:
        UnusableHome: the path is no folder, or cannot be created.
    """
    try:
        make_directory(home)
        home.stat()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnusableHome(
            f"不能把 {home} 用作存放档案的文件夹（{reason}）。请用 --home 另指一处。",
            f"{home} cannot hold the archive ({reason}). Name another folder with --home.",
        ) from error
    return home
