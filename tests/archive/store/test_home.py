from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.store.home import own_home


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    assert own_home(home) == home
    assert home.is_dir()
    assert own_home(home) == home


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody_else = tmp_path.stat().st_uid + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody_else)
    with pytest.raises(GongkaiError) as caught:
        own_home(tmp_path)
    assert caught.value.zh == f"{tmp_path} 属于另一个用户，出于安全不打开它。请用 --home 指定自己的文件夹。"
    assert caught.value.en == (
        f"{tmp_path} belongs to another user and is not opened, for safety. Name a folder of your own with --home."
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_that_was_given_away_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    try:
        with pytest.raises(GongkaiError, match="another user"):
            own_home(tmp_path)
    finally:
        os.chown(tmp_path, os.getuid(), -1)


@pytest.mark.parametrize("below", ["file", "file/home"])
def test_what_is_no_folder_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GongkaiError) as caught:
        own_home(tmp_path / below)
    assert caught.value.zh.startswith(f"不能把 {tmp_path / below} 用作存放档案的文件夹（")
    assert caught.value.message("en").endswith("Name another folder with --home.")
