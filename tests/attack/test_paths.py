"""Odd names and symbolic links, of the home, in the home and of the pages: a result or a sentence, and no loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attack.archives import write_pages
from tests.attack.integrity import problems
from tests.attack.processes import Launcher
from tests.attack.results import Results
from tests.attack.scale import seeded

COMMANDS = (("index",), ("search", "公开"), ("coverage",), ("verify",), ("figures", "--csv"))

HOMES = [
    ("q?mode=memory", "a question mark, as in an address of SQLite"),
    ("a%20b#c", "percent and hash"),
    ("中文 档案", "Chinese and a blank"),
    ("长" * 80, "240 bytes"),
    ("-x --home", "what looks like an option"),
    ("quote'\"`$(x);", "what a shell reads"),
    ("line\nbreak", "a line break"),
    ("a/" * 60 + "b", "sixty folders deep"),
    (os.fsdecode(b"\xff\xfe"), "bytes that are no text"),
]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages", 3, seeded(3))


@pytest.mark.parametrize(("name", "reason"), HOMES, ids=[reason for _, reason in HOMES])
def test_homes(
    name: str, reason: str, tmp_path: Path, pages: Path, warm_launcher: Launcher, results_of: Callable[[str], Results]
) -> None:
    results = results_of("paths")
    folder = tmp_path / "homes"
    folder.mkdir()
    home = folder / name
    for command in (("add", pages), *COMMANDS):
        ended = warm_launcher.run(f"--home={home}", *command)
        assert ended.code == 0, (reason, ended)
    assert (home / "catalogue.sqlite").exists(), reason
    assert [path.name for path in folder.iterdir()] == [Path(name).parts[0]], "nothing is written beside the home"
    assert problems(home) == []
    results.count("home of an odd name")


def link_to_folder(home: Path, elsewhere: Path) -> None:
    """The whole home lies elsewhere."""
    elsewhere.mkdir()
    home.symlink_to(elsewhere)


def dangling(home: Path, elsewhere: Path) -> None:
    home.symlink_to(elsewhere / "gone" / "gone")


def loop(home: Path, elsewhere: Path) -> None:
    home.symlink_to(elsewhere)
    elsewhere.symlink_to(home)


def inside(name: str, make: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    """The same for one entry of the home."""

    def make_inside(home: Path, elsewhere: Path) -> None:
        home.mkdir()
        make(home / name, elsewhere)

    return make_inside


LINKS: list[tuple[Callable[[Path, Path], None], set[int], str]] = [
    (link_to_folder, {0}, "the home is a link"),
    (dangling, {0, 1}, "the home is a link to nothing"),
    (loop, {1}, "the home is a link to itself"),
    (inside("originals", link_to_folder), {0}, "originals are on another disk"),
    (inside("originals", loop), {1}, "originals are a loop"),
    (inside("catalogue.sqlite", loop), {1}, "the catalogue is a loop"),
    (inside("index", link_to_folder), {0}, "the index is on another disk"),
    (inside("index", loop), {0, 1}, "the index is a loop"),
    (inside("index", dangling), {0, 1}, "the index is a link to nothing"),
]


@pytest.mark.parametrize(("make", "codes", "reason"), LINKS, ids=[reason for *_, reason in LINKS])
def test_links_in_the_home(
    make: Callable[[Path, Path], None],
    codes: set[int],
    reason: str,
    tmp_path: Path,
    pages: Path,
    warm_launcher: Launcher,
    results_of: Callable[[str], Results],
) -> None:
    results = results_of("paths")
    home = tmp_path / "home"
    make(home, tmp_path / "elsewhere")
    seen = set()
    for command in (("add", pages), *COMMANDS):
        ended = warm_launcher.run("--home", home, *command)
        assert ended.code == 0 or ended.is_sentence or (command == ("verify",) and ended.code == 1), (reason, ended)
        assert "Traceback" not in ended.err, (reason, ended)
        seen.add(ended.code)
    assert max(seen) in codes, reason
    results.count("link in a home")


def links(folder: Path, page: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "up").symlink_to(folder)
    (folder / "loop1").symlink_to(folder / "loop2")
    (folder / "loop2").symlink_to(folder / "loop1")
    (folder / "gone.html").symlink_to(folder / "nothing")
    (folder / "page.txt").symlink_to(page)


def special(folder: Path, page: Path) -> None:
    os.mkfifo(folder / "fifo.html")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "page.txt").write_bytes(page.read_bytes())


def names(folder: Path, page: Path) -> None:
    for name in ("页" * 84, "a\nb", "\x1b[31mred", "-rf", "%s{0}", os.fsdecode(b"\xff")):
        (folder / f"{name}.t").write_bytes(page.read_bytes())
    (folder / "page.txt").write_bytes(page.read_bytes())


def deep(folder: Path, page: Path) -> None:
    inner = folder.joinpath(*["d" * 50] * 40)
    inner.mkdir(parents=True)
    (inner / "page.txt").write_bytes(page.read_bytes())


@pytest.mark.parametrize("make", [links, special, names, deep])
def test_pages_of_odd_kinds(
    make: Callable[[Path, Path], None],
    tmp_path: Path,
    pages: Path,
    warm_launcher: Launcher,
    results_of: Callable[[str], Results],
) -> None:
    results = results_of("paths")
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    make(folder, min(pages.iterdir()))
    ended = warm_launcher.run("--home", home, "add", folder)
    assert ended.code in (0, 1) and "Traceback" not in ended.err, ended
    assert problems(home) == []
    assert len([*(home / "originals").rglob("?" * 64)]) == 1, "the good page is kept"
    results.count("folder of odd pages")
