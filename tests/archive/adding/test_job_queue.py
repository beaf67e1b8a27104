"""How files are divided into jobs, and how their paths are written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.adding import job_queue
from archive.adding.job_list import shown_path
from archive.adding.job_queue import batches_of, path_of


@pytest.mark.parametrize(
    ("sizes", "jobs", "reason"),
    [
        ([], [], "no file, no job"),
        ([1, 1], [2], "small files share a job"),
        ([1] * 5, [3, 2], "three files at most in this test"),
        ([1, 500, 1, 1], [1, 1, 2], "a large file, such as a WARC, is a job of its own"),
        ([60, 60], [1, 1], "the size of a job is limited"),
        ([None, 1], [2], "a file that is gone is reported by its job"),
    ],
)
def test_files_of_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: list[int | None], jobs: list[int], reason: str
) -> None:
    monkeypatch.setattr(job_queue, "BATCH_FILES", 3)
    monkeypatch.setattr(job_queue, "BATCH_BYTES", 100)
    files = [tmp_path / f"{number}.txt" for number in range(len(sizes))]
    for file, size in zip(files, sizes, strict=True):
        if size is not None:
            file.write_bytes(bytes(size))
    batches = [*batches_of(files)]
    assert [len(batch) for batch in batches] == jobs, reason
    assert [path for batch in batches for path in batch] == files, "each file once, in order"


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    assert [*batches_of([Path("link/../link/a.txt")])] == [[tmp_path / "link" / "a.txt"]], "links are kept"


@pytest.mark.parametrize("name", [b"2022.txt", "年报 一.html".encode(), b"a%20b?c#d", "报告".encode("gbk"), b"\n\x7f"])
def test_a_path_comes_back(name: bytes) -> None:
    path = Path(os.fsdecode(b"/pages/" + name))
    assert path_of(path.as_uri()) == path
    assert path.as_uri().isascii(), "PostgreSQL has no lone surrogates"
    shown_path(path).encode()
