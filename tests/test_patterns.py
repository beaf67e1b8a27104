"""No regular expression takes time that grows with the square of the text: a hostile page is 1 MB on one line."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

COLLECT = r"""
import importlib, json, pkgutil, re, sys
from pathlib import Path

found, compile_pattern = {}, re._compile


def record(pattern, flags):
    compiled = compile_pattern(pattern, flags)
    frame = sys._getframe(1)
    while frame and "/re/" in frame.f_code.co_filename:
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    if isinstance(compiled.pattern, str) and path.is_relative_to(Path.cwd()) and ".venv" not in path.parts:
        found.setdefault((compiled.pattern, compiled.flags), f"{path.relative_to(Path.cwd())}:{frame.f_lineno}")
    return compiled


re._compile = record
import archive, gongkai, indexer, webui

for package in (archive, indexer, webui, gongkai):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(("__main__", "wsgi", "sandbox_worker")):
            importlib.import_module(module.name)

from archive import rulebook
from archive.extract.pipeline import read_source
from tests.archive.pages import form_report, prose_report, source
from tests.archive.readers import documents

for name, load in vars(rulebook).items():
    if name.endswith("_rules") and callable(load):
        try:
            load()
        except TypeError:  # takes the name of a file
            pass
pages = ["\n".join(lines).encode() for lines in (form_report(), prose_report())]
for data in [*pages, documents.html_page().encode(), documents.docx_file(), documents.ofd_report()]:
    read_source(data, source(data))
print(json.dumps([[pattern, flags, where] for (pattern, flags), where in found.items()]))
"""

COMMON = '公一0 9a(（)）《》,，。、;：:|-_\n\t<"“年月日第条.x'
TRIES, SHORT = 30, 1_000
QUICK = 0.0003
"""CPU seconds for 8,000 characters that matter: a quadratic pattern that takes as long takes 5 s for 1 MB."""
QUADRATIC = 10
"""The least factor of time for a text four times as long: 4 is linear, 16 quadratic."""


@pytest.fixture(scope="module")
def patterns() -> list[tuple[str, int, str]]:
    """Every pattern of the program and of the rules, with its flags and the line that compiles it."""
    run = subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.returncode == 0, run.stderr[-2000:]
    return [(pattern, flags, where) for pattern, flags, where in json.loads(run.stdout)]


def texts(pattern: str, choose: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yields start, repeated unit and end of texts made of the characters that a pattern names."""
    characters = [char for char in pattern if char not in "\\()[]{}?*+|^$"] or ["公"]
    words = re.findall(r"[\u4e00-\u9fff]{1,8}|[a-z]{2,8}", pattern) or ["公"]
    for _ in range(TRIES):
        parts = (choose.choice((choose.choice(COMMON), choose.choice(characters), choose.choice(words))) for _ in "123")
        unit = "".join(list(parts)[: choose.choice((1, 1, 2, 3))])
        yield choose.choice(("", choose.choice(words))), unit, choose.choice(("", "!", "\n", "x"))


def seconds(use: Callable[[str], object], text: str, runs: int = 1) -> float:
    """Returns the CPU seconds of the quickest run, which another process cannot lengthen much."""
    taken = []
    for _ in range(runs):
        begin = time.thread_time()
        use(text)
        taken.append(time.thread_time() - begin)
    return min(taken)


def quadratic(compiled: re.Pattern[str]) -> str | None:
    """Returns a text for which the time grows with the square of the length, with the factor measured."""
    choose = random.Random(1)  # noqa: S311
    uses: tuple[Callable[[str], object], ...] = (compiled.search, compiled.match, compiled.fullmatch, compiled.findall)
    for start, unit, end in texts(compiled.pattern, choose):

        def text(length: int, start: str = start, unit: str = unit, end: str = end) -> str:
            return start + unit * (length // len(unit)) + end

        for use in uses:
            if seconds(use, text(SHORT)) < QUICK / 20 or seconds(use, text(SHORT * 8)) < QUICK:
                continue
            before, after = (seconds(use, text(length), runs=3) for length in (SHORT * 2, SHORT * 8))
            if after > before * QUADRATIC:
                return f"{use.__name__}({start!r} + {unit!r} * n + {end!r}): {before:.4f} s, {after:.4f} s"
    return None


@pytest.mark.slow
def test_no_pattern_is_quadratic(patterns: list[tuple[str, int, str]]) -> None:
    assert len(patterns) > 300
    found = {f"{where} {pattern[:100]}": quadratic(re.compile(pattern, flags)) for pattern, flags, where in patterns}
    assert {pattern: text for pattern, text in found.items() if text} == {}


def test_a_quadratic_pattern_is_found() -> None:
    """The check itself: trailing blanks are looked for from each blank again."""
    assert quadratic(re.compile(r"\s+$"))
    assert quadratic(re.compile(r"(?<!\s)\s+$")) is None
