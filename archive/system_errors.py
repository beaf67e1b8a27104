"""Translates errors of the operating system and of SQLite into the errors of `archive.errors`.

The command line and the site use `translated`; the catalogue translates errors of its own database where they arise.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from archive.errors import Busy, DamagedArchive, GongkaiError, UnusableHome

# Sentences in Chinese and English by error number; `{path}` is the file, `{reason}` what the system calls the error.
_FULL = (
    "磁盘空间或配额不足，无法写入 {path}。请腾出空间后再试。",
    "No disk space (or quota) is left for {path}. Free some space, then try again.",
)
_FORBIDDEN = (
    "没有读写 {path} 的权限。请换用有权限的用户，或更改它的权限。",
    "There is no permission to read or write {path}. Run as a user who has it, or change the permissions.",
)
_READ_ONLY = (
    "{path} 所在的磁盘是只读的。请把它改为可写，或用 --home 另指一处。",
    "{path} is on a read-only disk. Make the disk writable, or name another folder with --home.",
)
_NOT_A_FOLDER = (
    "{path} 应当是文件夹，但这里（或它的上级）是文件。请移走该文件后再试。",
    "{path} must be a folder, but it (or a folder above it) is a file. Move the file away, then try again.",
)
_OPEN_FILES = (
    "打开的文件太多，{path} 打不开。请提高上限（ulimit -n）后再试。",
    "Too many files are open to open {path}. Raise the limit (ulimit -n), then try again.",
)
_DISK_ERROR = (
    "{path} 读写出错（{reason}）。请检查磁盘，或从备份恢复。",
    "{path} cannot be read or written ({reason}). Check the disk, or restore a backup.",
)
_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _READ_ONLY,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,  # of `mkdir`, the only call that raises it
    errno.EMFILE: _OPEN_FILES,
    errno.ENFILE: _OPEN_FILES,
    errno.EISDIR: (
        "{path} 应当是文件，但这里是文件夹。请移走该文件夹后再试。",
        "{path} must be a file, but it is a folder. Move the folder away, then try again.",
    ),
    errno.ENOENT: (
        "没有 {path}。请检查路径，或从备份恢复。",
        "{path} does not exist. Check the path, or restore it from a backup.",
    ),
    errno.EFBIG: (
        "{path} 超过了系统允许的文件大小。请提高上限（ulimit -f），或换一个文件系统。",
        "{path} exceeds the file size that the system allows. Raise the limit (ulimit -f), or use another file system.",
    ),
    errno.ENAMETOOLONG: (
        "{path} 的名称太长。请换一个较短的路径。",
        "The name {path} is too long. Use a shorter path.",
    ),
    errno.ELOOP: (
        "{path} 的符号链接互相指向。请改正链接。",
        "The symbolic links of {path} point to each other. Correct the links.",
    ),
}
# Failures of connections and processes, which say nothing of a file.
_NOT_OF_FILES = (
    ConnectionError,
    TimeoutError,
    ChildProcessError,
    ProcessLookupError,
    InterruptedError,
    BrokenPipeError,
)
DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What `sqlite3` raises for a database that is damaged; it decodes its messages, which quote the damaged text."""
_REASON_LENGTH = 200  # characters; SQLite quotes the whole text that it cannot decode


def translated(error: BaseException, path: Path, *, or_output: bool = False) -> GongkaiError | None:
    """Returns the sentence for an error of the system or of SQLite; None if it is another error, thus a bug.

    Args:
        error: the error.
        path: the file or folder to name if the error names none.
        or_output: whether such an error can also be one of standard output.
    """
    if isinstance(error, GongkaiError):
        return error
    if isinstance(error, DATABASE_ERRORS):
        return database_error(error, path)
    if isinstance(error, OSError) and not isinstance(error, _NOT_OF_FILES):
        return _file_error(error, path, or_output=or_output)
    return None


def database_error(error: Exception, path: Path) -> GongkaiError:
    """Returns the sentence for an error of the database in the file `path`."""
    code = (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & 0xFF  # without its extension
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return being_written(path)
    if code == sqlite3.SQLITE_FULL:
        return _unusable(_FULL, path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _unusable(_FORBIDDEN if _is_writable_disk(path) else _READ_ONLY, path)
    if code == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(path)
    reason = str(error)[:_REASON_LENGTH]
    return DamagedArchive(
        f"{path} 读写不了（{reason}）。请检查磁盘，或从备份恢复。",
        f"{path} cannot be used ({reason}). Check the disk, or restore a backup.",
    )


def being_written(where: Path | str) -> Busy:
    """Returns the error for a catalogue that another process has been writing to for too long."""
    return Busy(
        f"另一个进程正在写 {where}。请等它结束后再试。",
        f"Another process is writing to {where}. Wait until it has finished, then try again.",
    )


def _file_error(error: OSError, path: Path, *, or_output: bool) -> GongkaiError | None:
    name = error.filename2 or error.filename
    is_named = isinstance(name, str | bytes)
    if error.errno not in _SENTENCES and error.errno != errno.EIO and not is_named:
        return None
    kind = UnusableHome if error.errno in _SENTENCES else DamagedArchive
    zh, en = _SENTENCES.get(error.errno or 0, _DISK_ERROR)
    shown = os.fsdecode(name) if is_named else str(path)
    also_zh, also_en = ("（或标准输出）", " (or standard output)") if or_output and not is_named else ("", "")
    reason = error.strerror or error
    return kind(zh.format(path=shown + also_zh, reason=reason), en.format(path=shown + also_en, reason=reason))


def _cannot_open(path: Path) -> GongkaiError:
    """SQLite does not say why it cannot open a file; the system does."""
    try:
        with path.open("r+b"):
            pass
    except OSError as error:
        if error.errno in _SENTENCES:
            return _unusable(_SENTENCES[error.errno], path)
    return _unusable(_FORBIDDEN, path)  # the folder is not writable, so that no journal can be written


def _is_writable_disk(path: Path) -> bool:
    try:
        return not os.statvfs(path).f_flag & os.ST_RDONLY
    except OSError:
        return True


def _unusable(sentences: tuple[str, str], path: Path) -> UnusableHome:
    zh, en = (sentence.format(path=path) for sentence in sentences)
    return UnusableHome(zh, en)
