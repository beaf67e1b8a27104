from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from archive.errors import Busy, DamagedArchive, GongkaiError, InvalidRequest, UnusableHome
from archive.system_errors import translated

HOME = Path("/srv/档案")
FILE = "/srv/档案/originals/ab/abcd"


def named(number: int) -> OSError:
    return OSError(number, os.strerror(number), FILE)


def database(code: int, text: str = "text") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "kind", "path", "remedy"),
    [
        (named(errno.ENOSPC), UnusableHome, FILE, "Free some space, then try again."),
        (OSError(errno.ENOSPC, "full"), UnusableHome, str(HOME), "Free some space, then try again."),
        (named(errno.EDQUOT), UnusableHome, FILE, "Free some space, then try again."),
        (named(errno.EFBIG), UnusableHome, FILE, "or use another file system."),
        (named(errno.EACCES), UnusableHome, FILE, "or change the permissions."),
        (named(errno.EPERM), UnusableHome, FILE, "or change the permissions."),
        (named(errno.EROFS), UnusableHome, FILE, "name another folder with --home."),
        (named(errno.EISDIR), UnusableHome, FILE, "Move the folder away, then try again."),
        (named(errno.ENOTDIR), UnusableHome, FILE, "Move the file away, then try again."),
        (named(errno.EEXIST), UnusableHome, FILE, "Move the file away, then try again."),
        (named(errno.ENOENT), UnusableHome, FILE, "or restore it from a backup."),
        (named(errno.ENAMETOOLONG), UnusableHome, FILE, "Use a shorter path."),
        (named(errno.ELOOP), UnusableHome, FILE, "Correct the links."),
        (named(errno.EMFILE), UnusableHome, FILE, "then try again."),
        (named(errno.EIO), DamagedArchive, FILE, "Check the disk, or restore a backup."),
        (OSError(errno.EIO, "I/O error"), DamagedArchive, str(HOME), "Check the disk, or restore a backup."),
        (named(errno.ESTALE), DamagedArchive, FILE, "Check the disk, or restore a backup."),
        (OSError(errno.EXDEV, "link", "/a", None, FILE), DamagedArchive, FILE, "Check the disk, or restore a backup."),
        (database(sqlite3.SQLITE_BUSY), Busy, str(HOME), "Wait until it has finished, then try again."),
        (database(sqlite3.SQLITE_BUSY_RECOVERY), Busy, str(HOME), "Wait until it has finished, then try again."),
        (database(sqlite3.SQLITE_FULL), UnusableHome, str(HOME), "Free some space, then try again."),
        (database(sqlite3.SQLITE_READONLY), UnusableHome, str(HOME), "or change the permissions."),
        (database(sqlite3.SQLITE_CORRUPT), DamagedArchive, str(HOME), "Check the disk, or restore a backup."),
        (database(sqlite3.SQLITE_NOTADB), DamagedArchive, str(HOME), "Check the disk, or restore a backup."),
        (sqlite3.OperationalError("no code"), DamagedArchive, str(HOME), "Check the disk, or restore a backup."),
        (UnicodeDecodeError("utf-8", b"\xce", 0, 1, "x"), DamagedArchive, str(HOME), "or restore a backup."),
        (InvalidRequest("甲。", f"{HOME}."), InvalidRequest, "", f"{HOME}."),
    ],
)
def test_errors_of_files_are_sentences(error: Exception, kind: type[GongkaiError], path: str, remedy: str) -> None:
    found = translated(error, HOME)
    assert type(found) is kind
    assert path in found.zh and path in found.en
    assert found.en.endswith(remedy)
    assert found.zh.endswith("。")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("x"), "a bug"),
        (OSError(errno.EADDRINUSE, "in use"), "an address"),
        (OSError("x"), "no number and no path: nothing is known"),
        (BrokenPipeError(errno.EPIPE, "pipe"), "the reader of the output has gone"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "a connection"),
        (ProcessLookupError(errno.ESRCH, "process"), "a process"),
    ],
)
def test_other_errors_are_left_alone(error: Exception, reason: str) -> None:
    assert translated(error, HOME) is None, reason


def test_an_error_without_a_name_may_be_one_of_the_output() -> None:
    found = translated(OSError(errno.ENOSPC, "full"), HOME, or_output=True)
    assert found and found.zh == f"磁盘空间或配额不足，无法写入 {HOME}（或标准输出）。请腾出空间后再试。"
    assert (
        found.en
        == f"No disk space (or quota) is left for {HOME} (or standard output). Free some space, then try again."
    )
    found = translated(named(errno.ENOSPC), HOME, or_output=True)
    assert found and "standard output" not in found.en


def test_the_text_that_sqlite_quotes_is_cut() -> None:
    found = translated(
        database(sqlite3.SQLITE_ERROR, "Could not decode to UTF-8 column 'a' with text '" + "长" * 9_999), HOME
    )
    assert found and len(found.en) < 400


def test_a_database_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    error = database(sqlite3.SQLITE_CANTOPEN)
    (tmp_path / "file").touch()
    cases = {
        tmp_path: "must be a file, but it is a folder",
        tmp_path / "file" / "below": "must be a folder, but it (or a folder above it) is a file",
        tmp_path / "absent": "does not exist",
        tmp_path / "file": "no permission",
    }
    for path, words in cases.items():
        found = translated(error, path)
        assert found and words in found.en and str(path) in found.en
