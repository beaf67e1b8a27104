"""Damage of any file of a home leads to the same answers, to a sentence, or is healed; never to other answers.

The originals and the catalogue take every other flip: they cannot be built again.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests.attack.processes import Launcher, cache_beside
from tests.attack.results import Results
from tests.attack.scale import seeded, size

SEED = 20
FLIPS = size(30, 300)
HARMS = size(12, 100)
DICTIONARIES = size(3, 20)
HEALS = size(10, 5)
"""After one damage of the index in this number, `gongkai index` is run."""
ASK = "tests.attack.questions:ask"
_DIFFERS = (
    (r"gen-\d+", "gen"),
    (r"[0-9a-f]{32,64}", "hash"),
    (r"MAIN_[a-z0-9]{16}", "MAIN"),
    (r"originals/../", "originals/"),
)
Harm = Callable[[Path], None]


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replace_with_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def kind(home: Path, path: Path) -> str:
    """The path without what differs between homes: generations, shards, segments and hashes."""
    name = str(path.relative_to(home))
    for pattern, short in _DIFFERS:
        name = re.sub(pattern, short, name)
    return name


class AnotherAnswerError(AssertionError):
    """A damaged home gives another answer."""


class Home:
    """A whole home with its answers, and copies of it to damage."""

    def __init__(self, whole: Path, launcher: Launcher) -> None:
        self.whole = whole
        self._copy = whole.with_name("copy")
        self._launcher = launcher
        self.files = sorted(path for path in self.whole.rglob("*") if path.is_file())
        self.answers = self.ask(self.whole)
        assert {verdict for verdict, _ in self.answers.values()} == {"answer"}, "the home is whole"

    def ask(self, home: Path) -> dict[str, tuple[str, str]]:
        ended = self._launcher.run(home, call=ASK)
        assert ended.code == 0, ended.err
        return {question: (verdict, answer) for question, verdict, answer in json.loads(ended.out)}

    def damage(self, path: Path, harm: Harm) -> Path:
        """A copy of the home with one file damaged."""
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self.whole, self._copy)
        harm(self._copy / path.relative_to(self.whole))
        return self._copy

    def outcome(self, home: Path, description: str) -> str:
        """What the damage leads to.

        Raises:
            AnotherAnswerError: on another answer.
            AssertionError: on a traceback.
        """
        outcome = "same answers"
        for question, (verdict, answer) in self.ask(home).items():
            assert verdict != "fault", f"{description}, {question}: {answer[-2000:]}"
            if verdict == "sentence":
                outcome = "a sentence"
            else:
                difference = self._difference(question, answer)
                if difference:
                    raise AnotherAnswerError(f"{description}, {question}: another answer\n{difference}")
        return outcome

    def check_healed(self, home: Path, description: str) -> bool:
        """Whether `gongkai index` repairs the index: then every answer is as before. Otherwise it says what to do."""
        ended = self._launcher.run("--home", home, "index")
        if ended.code:
            assert ended.is_sentence, f"{description}: {ended.err}"
            return False
        outcome = self.outcome(home, f"{description}, after `gongkai index`")
        assert outcome == "same answers", f"{description}, after `gongkai index`: {outcome}"
        return True

    def is_found(self, home: Path) -> bool:
        """Whether `gongkai verify` finds the damage."""
        ended = self._launcher.run("--home", home, "verify")
        return ended.code == 1 and "Traceback" not in ended.err

    def _difference(self, question: str, answer: str) -> str:
        before = self.answers[question][1]
        if before == answer:
            return ""
        at = next((index for index, pair in enumerate(zip(before, answer, strict=False)) if pair[0] != pair[1]), 0)
        return f"{before[max(0, at - 60) : at + 60]!r}\n{answer[max(0, at - 60) : at + 60]!r}"


@pytest.fixture(scope="module")
def home(filled: Path, warm_launcher: Launcher) -> Home:
    return Home(filled, warm_launcher)


def attack(home: Home, results: Results, path: Path, harm: Harm, name: str) -> list[str]:
    """Damages one file and counts what follows; returns what must not follow.

    A bit in a column that selects rows, or in an index of the database, can hide a row from a question. No row that is
    read tells so; `gongkai verify` has to.
    """
    copy = home.damage(path, harm)
    description = f"{name} of {kind(home.whole, path)}"
    try:
        outcome = home.outcome(copy, description)
        if "index" in path.relative_to(home.whole).parts and results.counts.total() % HEALS == 0:
            is_healed = home.check_healed(copy, description)
            after = "healed by `gongkai index`" if is_healed else "a sentence of `gongkai index`"
            results.figures[after] = results.figures.get(after, 0) + 1
    except AssertionError as failure:
        is_hidden = isinstance(failure, AnotherAnswerError) and path.suffix == ".sqlite" and home.is_found(copy)
        results.count("a row is hidden, and `gongkai verify` says so" if is_hidden else f"FAILED: {description}")
        return [] if is_hidden else [str(failure)]
    results.count(outcome)
    return []


def test_flipped_bits(home: Home, results_of: Callable[[str], Results]) -> None:
    results = results_of("flips")
    chance, failures = seeded(SEED), list[str]()
    kinds = defaultdict(list)
    for path in home.files:
        if path.stat().st_size:
            kinds[kind(home.whole, path)].append(path)
    irreplaceable = [name for name in kinds if "index" not in name]
    replaceable = [name for name in kinds if name not in irreplaceable]
    chance.shuffle(replaceable)
    for number, names in zip(range(FLIPS), cycle(zip(cycle(irreplaceable), replaceable, strict=False)), strict=False):
        path = chance.choice(kinds[names[number % 2]])
        failures += attack(home, results, path, lambda path: flip(path, chance), f"flip {number}")
    results.figures["kinds of files"] = len(kinds)
    assert not failures, "\n\n".join(failures)


def test_cut_removed_and_replaced_files(home: Home, results_of: Callable[[str], Results]) -> None:
    results = results_of("harm")
    chance, failures = seeded(SEED), list[str]()
    one_of_each = {kind(home.whole, path): path for path in home.files}
    harms: dict[str, Harm] = {
        "emptying": empty,
        "halving": halve,
        "removal": Path.unlink,
        "a folder in place": replace_with_folder,
    }
    every = [(path, name) for path in one_of_each.values() for name in harms]
    chance.shuffle(every)
    catalogue = [(path, name) for path, name in every if path.suffix == ".sqlite"]
    for path, name in [*catalogue, *(each for each in every if each not in catalogue)][:HARMS]:
        failures += attack(home, results, path, harms[name], name)
    results.figures["kinds of files"] = len(one_of_each)
    assert not failures, "\n\n".join(failures)


def test_a_damaged_cache_of_the_dictionary(
    filled: Path, launcher: Launcher, home: Home, results_of: Callable[[str], Results]
) -> None:
    """The words of the queries are cut as those of the index, whatever the cache holds."""
    results = results_of("dictionary")
    chance = seeded(SEED)
    (cache,) = cache_beside(launcher.temporary).rglob("*.cache")
    whole = cache.read_bytes()
    harms: tuple[Harm, ...] = (lambda path: flip(path, chance), halve, empty, lambda path: flip(path, chance))
    for number, harm in zip(range(DICTIONARIES), cycle(harms), strict=False):
        cache.write_bytes(whole)
        harm(cache)
        ended = launcher.run(filled, call=ASK)
        assert {question: (verdict, answer) for question, verdict, answer in json.loads(ended.out)} == home.answers
        assert cache.read_bytes() == whole, f"damage {number} is repaired"
        results.count("same answers, and repaired")
