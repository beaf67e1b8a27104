from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.store.durable import durable_write, make_directory


def full(*_: Any, **__: Any) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records flushes and renames in their order, by the name of the file or folder."""
    recorded: list[str] = []
    fsync, replace, link = os.fsync, os.replace, os.link

    def record_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        recorded.append(f"fsync {'temporary' if path.name.startswith(('tmp', '#')) else path.name}")
        fsync(descriptor)

    def record_replace(source: str, target: Path) -> None:
        recorded.append(f"rename to {target.name}")
        replace(source, target)

    def record_link(source: str, target: Path, **options: Any) -> None:
        recorded.append(f"link to {target.name}")
        link(source, target, **options)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    monkeypatch.setattr(os, "link", record_link)
    return recorded


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of descriptors are known on Linux only")
def test_content_reaches_the_disk_before_the_names_that_refer_to_it(tmp_path: Path, calls: list[str]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    durable_write(home / "originals" / "ab" / "abcd", b"page")
    assert calls == ["fsync home", "fsync originals", "fsync temporary", "link to abcd", "fsync ab"]
    calls.clear()
    durable_write(home / "originals" / "ab" / "abcd", b"other")
    assert calls == ["fsync temporary", "link to abcd", "fsync temporary", "rename to abcd", "fsync ab"]
    assert (home / "originals" / "ab" / "abcd").read_bytes() == b"other"


def test_a_file_system_without_unnamed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a network file system: a named temporary file takes the place of the file."""
    open_ = os.open

    def refuse(path: Any, flags: int, *rest: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return open_(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    durable_write(tmp_path / "a" / "file", b"page")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "a").iterdir()] == [("file", b"page")]


def test_a_killed_process_leaves_no_temporary_file(tmp_path: Path) -> None:
    """It is killed when the content is written and has no name yet."""
    program = (
        "import os, sys; from pathlib import Path; from archive.store import durable\n"
        "durable.os.fsync = lambda _: os.kill(os.getpid(), 9)\n"
        "durable.make_directory = lambda _: None\n"
        "durable.durable_write(Path(sys.argv[1]), b'page')"
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path / "file")], check=False)  # noqa: S603
    assert run.returncode == -signal.SIGKILL
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("owner", "call", "reason"),
    [
        (os, "fsync", "the disk is full when the content is flushed"),
        (os, "replace", "the name cannot be written"),
        (os, "utime", "the time cannot be set"),
        (os, "link", "another name cannot be written"),
    ],
)
def test_a_failure_leaves_the_old_content_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, call: str, reason: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(owner, call, full)
    with pytest.raises(OSError, match="No space") as caught:
        durable_write(path, b"new", modified=0)
    assert caught.value.filename == str(path), reason
    assert [*tmp_path.iterdir()] == [path], reason
    assert path.read_bytes() == b"old", reason


@pytest.mark.parametrize("file", ["folder", "folder/below"])
def test_a_file_where_a_folder_belongs_is_an_error(tmp_path: Path, file: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with pytest.raises(FileExistsError) as caught:
        make_directory(tmp_path / "folder" / "below")
    assert caught.value.filename == str(path)
