"""SIGKILL at random moments of `add` and `index` loses nothing, tears nothing, and leaves nothing running."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attack.archives import write_pages
from tests.attack.integrity import originals, problems
from tests.attack.processes import Ended, Launcher
from tests.attack.results import Results
from tests.attack.scale import seeded, size

SEED = 12
KILLS = size(10, 200)
SIGNALS = size(4, 40)
COMPARED = size(5, 20)
"""Kills after which the index is finished and compared with one that is built from the catalogue alone."""
PAGES = 24
COMMANDS = ("add", "add", "index", "index --rebuild")


# '"keyword": [{"value": "养老", …}]': an update keeps the weights of the last rebuild, a new index has its own
_KEYWORDS = re.compile(r'"keyword": ?\[[^\]]*\]')


class Victim:
    """A home, and commands over it that are ended at a random moment."""

    def __init__(self, folder: Path, launcher: Launcher) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.launcher = launcher
        self.chance = seeded(SEED)
        self._seconds = {}
        for command in COMMANDS:
            begin = time.monotonic()
            ended = self.launcher.run(*self.arguments(command, PAGES))
            assert ended.code == 0, ended.err
            self._seconds[command] = time.monotonic() - begin

    def strike(self, command: str, number: signal.Signals, *, group: bool) -> Ended | None:
        """Runs a command and sends it a signal within the time that it takes; None if it ended before."""
        process = self.launcher.start(*self.arguments(command, self.chance.randrange(4, 12)))
        begin = time.monotonic()
        if ended := self.launcher.wait(self.chance.uniform(0, 1.1) * self._seconds[command]):
            assert ended.code == 0, ended.err
            # the machine is less or more busy than before: later strikes shall be spread over the whole command
            self._seconds[command] = (self._seconds[command] + time.monotonic() - begin) / 2
            return None
        (os.killpg if group else os.kill)(process, number)
        return self.launcher.wait()

    def compare_with_new_index(self) -> None:
        """Finishes the index; its answers are those of an index that is built from the catalogue alone."""
        assert self.launcher.run("--home", self.home, "index").code == 0
        other = self.folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.home, other, ignore=shutil.ignore_patterns("index"))
        assert self.launcher.run("--home", other, "index").code == 0
        assert self._answers(self.home) == self._answers(other)

    def _answers(self, home: Path) -> list[list[str]]:
        ended = self.launcher.run(home, call="tests.attack.questions:ask")
        assert ended.code == 0, ended.err
        answers: list[list[str]] = json.loads(ended.out)
        assert {verdict for _, verdict, _ in answers} == {"answer"}
        return [[ask, _KEYWORDS.sub("", answer)] for ask, _, answer in answers if "distinctive" not in ask]

    def arguments(self, command: str, count: int) -> list[object]:
        """A command; `add` gets new pages, and new versions of reports that are kept already."""
        arguments: list[object] = ["--home", self.home, *command.split()]
        if command == "add":
            shutil.rmtree(self.folder / "pages", ignore_errors=True)
            arguments += [write_pages(self.folder / "pages", count, self.chance), "--jobs", "2"]
        return arguments


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory, warm_launcher: Launcher) -> Victim:
    return Victim(tmp_path_factory.mktemp("victim"), warm_launcher)


def test_kills(victim: Victim, results_of: Callable[[str], Results]) -> None:
    results = results_of("kills")
    chance = seeded(SEED)
    kills = 0
    for _ in range(3 * KILLS):
        command = chance.choice(COMMANDS)
        group = chance.random() < 2 / 3
        ended = victim.strike(command, signal.SIGKILL, group=group)
        if ended is None:
            continue
        assert ended.code in (-signal.SIGKILL, 0), ended  # 0: it ended while it was struck
        kills += 1
        assert victim.launcher.left() == {}
        assert problems(victim.home) == []
        results.count(f"{command}, {'group' if group else 'main process'}")
        if kills == KILLS:
            break
        if kills % COMPARED == 0:
            victim.compare_with_new_index()
    assert kills == KILLS
    victim.compare_with_new_index()
    assert victim.launcher.run(*victim.arguments("add", 2)).code == 0
    assert [*victim.launcher.temporary.iterdir()] == [], "the next `add` removes the folders of killed processes"
    generations = [*(victim.home / "index").glob("gen-*")]
    assert len(generations) <= 2
    results.figures |= {
        "compared with a new index": KILLS // COMPARED,
        "originals at the end": len(originals(victim.home)),
    }


def test_signals_to_end(victim: Victim, results_of: Callable[[str], Results]) -> None:
    results = results_of("signals")
    chance = seeded(SEED)
    for _ in range(3 * SIGNALS):
        command, number = chance.choice(COMMANDS), chance.choice((signal.SIGTERM, signal.SIGHUP))
        ended = victim.strike(command, number, group=chance.random() < 1 / 2)
        if ended is None:
            continue
        # a signal before the command begins ends Python; one at its end comes too late
        assert ended.code in (128 + number, -number, 0), ended
        assert "Traceback" not in ended.err
        assert victim.launcher.left() == {}
        assert [*victim.launcher.temporary.iterdir()] == []
        assert problems(victim.home) == []
        results.count(f"{number.name}, {command}")
        if results.counts.total() == SIGNALS:
            break
    assert results.counts.total() == SIGNALS
    victim.compare_with_new_index()
