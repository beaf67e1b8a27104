from __future__ import annotations

import errno
import os
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
    fsync, replace = os.fsync, os.replace

    def record_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        recorded.append(f"fsync {'temporary' if path.name.startswith('tmp') else path.name}")
        fsync(descriptor)

    def record_replace(source: str, target: Path) -> None:
        recorded.append(f"rename to {target.name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    return recorded


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of descriptors are known on Linux only")
def test_content_reaches_the_disk_before_the_names_that_refer_to_it(tmp_path: Path, calls: list[str]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    durable_write(home / "originals" / "ab" / "abcd", b"page")
    assert calls == ["fsync home", "fsync originals", "fsync temporary", "rename to abcd", "fsync ab"]


@pytest.mark.parametrize(
    ("owner", "call", "reason"),
    [
        (os, "fsync", "the disk is full when the content is flushed"),
        (os, "replace", "the name cannot be written"),
        (os, "utime", "the time cannot be set"),
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
