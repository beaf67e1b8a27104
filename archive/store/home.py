"""The folder in which an archive lives, and whose it must be."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import UnusableHome
from archive.store.durable import make_directory


def own_home(home: Path) -> Path:
    """The folder, made where it is not there yet.

    Raises:
        GongkaiError: for a folder that belongs to another user (the index in it holds pickles, which run code when
            they are opened), that is no folder, or that cannot be made.
    """
    try:
        make_directory(home)
        owner = home.stat().st_uid
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnusableHome(
            f"不能把 {home} 用作存放档案的文件夹（{reason}）。请用 --home 另指一处。",
            f"{home} cannot hold the archive ({reason}). Name another folder with --home.",
        ) from error
    if owner != os.getuid():
        raise UnusableHome(
            f"{home} 属于另一个用户，出于安全不打开它。请用 --home 指定自己的文件夹。",
            f"{home} belongs to another user and is not opened, for safety. Name a folder of your own with --home.",
        )
    return home
