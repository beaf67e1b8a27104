"""A damaged archive is a sentence with status 503; what is not damaged is still shown."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webui.model_reports import READING
from webui.app import create_app

REPORT = "/reports/yunxi-shui-wu-ju/2016"
OTHER = "/reports/yunxi-jiao-yu-ju/2019"
SHA256 = READING.source.sha256
ORIGINAL = f"originals/{SHA256[:2]}/{SHA256}"


def change(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home, tmp_path / "home"))


def client(home: Path) -> FlaskClient:
    return create_app(home).test_client()


DAMAGED = [
    (lambda home: (home / ORIGINAL).write_bytes(b""), f"{REPORT}/original", f"原件 {SHA256} 已损坏", REPORT),
    (lambda home: (home / ORIGINAL).write_bytes(b""), f"{REPORT}/cite", f"原件 {SHA256} 已损坏", REPORT),
    (lambda home: (home / ORIGINAL).write_bytes(b""), f"{REPORT}/cite.ris", f"原件 {SHA256} 已损坏", REPORT),
    (lambda home: (home / ORIGINAL).unlink(), f"{REPORT}/original", f"原件 {SHA256} 不见了", REPORT),
    (lambda home: replace_by_folder(home / ORIGINAL), f"{REPORT}/original", "应当是文件，但这里是文件夹", REPORT),
    (
        lambda home: change(home, "UPDATE reports SET document = '{' WHERE agency LIKE '%shui%' AND year = 2016"),
        REPORT,
        "目录里的报告 yunxi-shui-wu-ju/2016 已损坏",
        OTHER,
    ),
    (
        lambda home: change(home, "UPDATE sources SET notices = '{'"),
        "/api/notices",
        f"目录里页面 {SHA256} 的记录已损坏",
        REPORT,
    ),
]


@pytest.mark.parametrize(("harm", "address", "words", "whole"), DAMAGED)
def test_damage_is_a_sentence(copy: Path, harm: Callable[[Path], object], address: str, words: str, whole: str) -> None:
    harm(copy)
    site = client(copy)
    response = site.get(address)
    text = response.get_json(force=True)["detail"] if address.startswith("/api/") else response.text
    assert response.status_code == 503
    assert words in text
    assert site.get(whole).status_code == 200


def test_a_database_error_is_a_sentence(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "catalogue.sqlite")) as connection:
        connection.execute("DROP TABLE reports")
        connection.commit()
    response = client(copy).get(REPORT)
    assert response.status_code == 503
    assert "请检查磁盘，或从备份恢复。" in response.text


def test_an_error_of_a_file_is_logged(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    replace_by_folder(copy / ORIGINAL)
    with caplog.at_level(logging.ERROR):
        assert client(copy).get(f"{REPORT}/original").status_code == 503
    assert "must be a file, but it is a folder" in caplog.text


def test_a_bug_is_still_500(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("nothing is known")

    monkeypatch.setattr("archive.store.catalogue.Catalogue.original", fail)
    assert client(copy).get(f"{REPORT}/original").status_code == 500
