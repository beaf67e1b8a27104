"""Two writers and three readers at once lose nothing and read whole states; so do commands whose clock goes back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from pathlib import Path

from gongkai.cli import main
from tests.attack.archives import write_pages
from tests.attack.integrity import problems
from tests.attack.processes import Ended, Launcher
from tests.attack.results import Results
from tests.attack.scale import seeded, size

ROUNDS = size(3, 25)
CLOCK_ROUNDS = size(4, 20)
DAY = 86_400
FUTURE = 10 * 365 * DAY
ASK = "tests.attack.questions:ask"


def answers(launcher: Launcher, home: Path) -> list[list[str]]:
    ended = launcher.run(home, call=ASK)
    assert ended.code == 0, ended.err
    found: list[list[str]] = json.loads(ended.out)
    return found


def check_against_new_home(launcher: Launcher, home: Path) -> None:
    """The answers are those of an index that is built from the catalogue alone."""
    other = home.with_name("other")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(home, other, ignore=shutil.ignore_patterns("index"))
    for each in (home, other):
        assert launcher.run("--home", each, "index").code == 0
    assert answers(launcher, home) == answers(launcher, other)


class Participant:
    """A program that runs commands one after another while others do."""

    def __init__(self, home: Path, launcher: Launcher, results: Results) -> None:
        self.home, self._launcher, self._results = home, launcher, results

    def write(self, folder: Path, offset: int) -> None:
        """Adds pages, each time other versions of the same reports, and updates the index."""
        for number in range(ROUNDS):
            pages = write_pages(folder / str(number), 6, seeded(number + offset))
            for command in (["add", pages, "--jobs", "1"], ["index"]):
                ended = self._launcher.run("--home", self.home, *command)
                assert ended.code == 0 or ended.is_sentence, ended.err
                self._results.count(f"{command[0]}: {'done' if ended.code == 0 else 'another process writes'}")
                assert command[0] == "index" or ended.code or self._keeps(pages), "pages that were added are kept"

    def read(self) -> None:
        for _ in range(ROUNDS):
            for question, verdict, answer in answers(self._launcher, self.home):
                assert verdict != "fault", f"{question}: {answer}"
                self._results.count(f"question: {verdict}")

    def _keeps(self, pages: Path) -> bool:
        with closing(sqlite3.connect(self.home / "catalogue.sqlite")) as connection:
            kept = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM sources")}
        return kept >= {hashlib.sha256(page.read_bytes()).hexdigest() for page in pages.iterdir()}


def test_two_writers_and_three_readers(
    filled: Path, tmp_path: Path, launchers: Callable[..., Launcher], results_of: Callable[[str], Results]
) -> None:
    results = results_of("writers")
    writers = [Participant(filled, launchers(), results) for _ in range(2)]
    readers = [Participant(filled, launchers(filled), results) for _ in range(3)]
    with ThreadPoolExecutor(5) as threads:
        running = [
            threads.submit(writer.write, tmp_path / f"writer{n}", n * ROUNDS) for n, writer in enumerate(writers)
        ]
        running += [threads.submit(reader.read) for reader in readers]
        for each in running:
            each.result()
    assert problems(filled) == []
    check_against_new_home(launchers(filled), filled)


def at(arguments: list[str]) -> None:
    """Runs a command whose clock is some seconds ahead of this one, or behind it."""
    real, shift = time.time, int(arguments[0])
    time.time = lambda: real() + shift
    time.time_ns = lambda: int(time.time() * 1e9)
    main(arguments[1:])


def test_clocks(tmp_path: Path, warm_launcher: Launcher, results_of: Callable[[str], Results]) -> None:
    results = results_of("clocks")
    home = tmp_path / "home"
    for number, days in zip(range(CLOCK_ROUNDS), cycle([0, -1, 400, -4000]), strict=False):
        pages = write_pages(tmp_path / str(number), 6, seeded(number))
        for path in (*pages.iterdir(), *home.rglob("*")):
            os.utime(path, (time.time() + FUTURE,) * 2)
        for command in (["add", pages], ["index"], ["search", "公开"], ["coverage"], ["verify"]):
            ended: Ended = warm_launcher.run(days * DAY, "--home", home, *command, call="tests.attack.test_writers:at")
            assert ended.code == 0, (command, days, ended)
            results.count(f"{command[0]}, clock at {days:+,} days")
        assert problems(home) == []
    check_against_new_home(warm_launcher, home)
