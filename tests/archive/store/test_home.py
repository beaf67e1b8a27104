from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.store.home import make_home


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    assert make_home(home) == home
    assert home.is_dir()
    assert make_home(home) == home


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user_is_opened(tmp_path: Path) -> None:
    """Nothing in an archive runs when it is opened; an archive that is served may belong to who maintains it."""
    os.chown(tmp_path, 12345, -1)
    try:
        assert make_home(tmp_path) == tmp_path
    finally:
        os.chown(tmp_path, os.getuid(), -1)


@pytest.mark.parametrize("below", ["file", "file/home"])
def test_what_is_no_folder_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GongkaiError) as caught:
        make_home(tmp_path / below)
    assert caught.value.zh.startswith(f"不能把 {tmp_path / below} 用作存放档案的文件夹（")
    assert caught.value.message("en").endswith("Name another folder with --home.")
