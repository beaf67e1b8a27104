"""The catalogue of a home lies in the home, whatever its path; an archive that lost it does not look empty.

Of the file of SQLite; `tests/cluster` has what can happen to a database.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive.errors import DamagedArchive, GongkaiError, UnusableHome
from archive.extract.pipeline import read_source
from archive.model import Source
from archive.store.blobs.folder_blobs import FolderBlobs
from archive.store.catalogue import Catalogue
from tests.archive.pages import prose_report

PAGE = "\n".join(prose_report("泉州市教育局", 2015)).encode()


def fill(home: Path) -> Path:
    with Catalogue.open(home) as catalogue:
        source = Source("page.txt", hashlib.sha256(PAGE).hexdigest(), "text/plain")
        catalogue.add(read_source(PAGE, source, catalogue.agencies()), PAGE)
    return home


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("q?mode=memory", "a query of a URL"),
        ("q?a", "a query of a URL"),
        ("a%20b#c", "a character escaped as in a URL, and a fragment"),
        ("100%", "an escape that is none"),
        ("档案 一", "Chinese and a blank"),
        ("长" * 66, "200 bytes"),
        (":memory:", "SQLite's name of no file"),
        ("file:x", "a URI of SQLite"),
    ],
)
def test_the_catalogue_lies_in_the_home(tmp_path: Path, name: str, reason: str) -> None:
    home = fill(tmp_path / name)
    assert (home / "catalogue.sqlite").stat().st_size > 0, reason
    assert [*tmp_path.iterdir()] == [home], reason
    with Catalogue.open(home) as catalogue:
        assert len([*catalogue.shown()]) == 1, reason


def test_a_relative_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fill(Path("q?a"))
    assert (tmp_path / "q?a" / "catalogue.sqlite").exists()


@pytest.mark.parametrize(("content", "reason"), [(None, "the file is gone"), (b"", "the file lost its content")])
def test_a_home_that_lost_its_catalogue_is_not_empty(tmp_path: Path, content: bytes | None, reason: str) -> None:
    home = fill(tmp_path / "home")
    path = home / "catalogue.sqlite"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedArchive, match="is gone, but originals are there") as caught, Catalogue.open(home):
        pass
    assert str(home / "originals") in caught.value.zh, reason


def test_originals_in_a_bucket_are_no_empty_archive_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = fill(tmp_path / "home")
    (home / "catalogue.sqlite").unlink()
    bucket = FolderBlobs(home / "originals")
    monkeypatch.setenv("GONGKAI_BLOBS", "s3://bucket/originals")
    monkeypatch.setattr("archive.store.connection.originals_of", lambda _: bucket)
    with pytest.raises(DamagedArchive, match="add the pages in s3://bucket/originals again"), Catalogue.open(home):
        pass


def test_a_catalogue_that_an_earlier_version_wrote_elsewhere_is_named(tmp_path: Path) -> None:
    home = fill(tmp_path / "q?mode=memory")
    shutil.move(home / "catalogue.sqlite", tmp_path / "q")
    assert sa.make_url(f"sqlite:///{home / 'catalogue.sqlite'}").database == str(tmp_path / "q"), "as it was opened"
    with pytest.raises(DamagedArchive) as caught, Catalogue.open(home):
        pass
    assert f"Copy that file to {home / 'catalogue.sqlite'}" in caught.value.en
    assert str(tmp_path / "q") in caught.value.zh
    shutil.copy(tmp_path / "q", home / "catalogue.sqlite")
    with Catalogue.open(home) as catalogue:
        assert len([*catalogue.shown()]) == 1


def test_an_error_while_reading_is_a_sentence_also_for_a_caller_in_an_exit_stack(tmp_path: Path) -> None:
    home = fill(tmp_path)
    path = home / "catalogue.sqlite"
    with Catalogue.open(home) as catalogue:
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000)
        try:  # as the site, which closes the catalogue after it has answered
            [*catalogue.shown()]
        except GongkaiError as error:
            assert isinstance(error, DamagedArchive)
            assert str(path) in error.zh
        else:
            pytest.fail("no error")


def test_a_folder_in_the_place_of_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.mkdir()
    with pytest.raises(UnusableHome) as caught, Catalogue.open(tmp_path):
        pass
    assert caught.value.en == f"{path} must be a file, but it is a folder. Move the folder away, then try again."
    assert caught.value.zh == f"{path} 应当是文件，但这里是文件夹。请移走该文件夹后再试。"


FULL = """
import resource, sys
from pathlib import Path
from archive.errors import GongkaiError
from tests.archive.store.test_connection import fill
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
try:
    fill(Path(sys.argv[1]))
except GongkaiError as error:
    print(type(error).__name__, error.en)
"""


def test_a_catalogue_that_cannot_grow_is_a_sentence(tmp_path: Path) -> None:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", FULL, str(tmp_path / "home")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    path = tmp_path / "home" / "catalogue.sqlite"
    assert str(path) in run.stdout and run.stdout.startswith(("UnusableHome", "DamagedArchive")), run.stdout
