"""Temporary folders of the processes that read. The name has the id of the program, so that others can remove them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

# 'gongkai-4711-x9_k2m0q'
_NAME = re.compile(r"gongkai-(\d{1,10})-\w{8}")


def new_folder() -> Path:
    """A new folder that only this user can open."""
    return Path(tempfile.mkdtemp(prefix=f"gongkai-{os.getpid()}-"))


def remove(folder: Path) -> None:
    """Removes a folder with its content and follows no symbolic link."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Removes the folders of programs that were killed.

    A folder qualifies if its name and its owner are ours and no process has the id in the name. A symbolic link of
    that name stays.
    """
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named and _is_own_folder(entry) and not _is_running(int(named[1])):
                remove(Path(entry.path))


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    except OSError:
        return False


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # of another user; no id at all
        return True
    return True
