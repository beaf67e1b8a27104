"""No regular expression takes time that grows with the square of the text: a hostile page is 1 MB on one line."""

from __future__ import annotations

import ast
import functools
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PACKAGES = ("archive", "indexer", "webui", "gongkai")

COLLECT = r"""
import importlib, json, pkgutil, re, sys
from pathlib import Path

found, compile_pattern = {}, re._compile


def record(pattern, flags):
    compiled = compile_pattern(pattern, flags)
    frame, rules, function = sys._getframe(1), "", "compile"
    while frame and "/re/" in frame.f_code.co_filename:
        function, frame = frame.f_code.co_name, frame.f_back
    path, line = Path(frame.f_code.co_filename), frame.f_lineno
    if not isinstance(compiled.pattern, str) or not path.is_relative_to(Path.cwd()) or ".venv" in path.parts:
        return compiled
    while frame and not rules:
        rules = frame.f_locals.get("name", "") if frame.f_code.co_name == "parse_rules" else ""
        frame = frame.f_back
    where = f"archive/rules/{rules}" if rules else f"{path.relative_to(Path.cwd())}:{line}"
    found.setdefault((compiled.pattern, compiled.flags, where), function)
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

for name in rulebook.SCHEMAS:
    rulebook.rulebook(name)
pages = ["\n".join(lines).encode() for lines in (form_report(), prose_report())]
for data in [*pages, documents.html_page().encode(), documents.docx_file(), documents.ofd_report()]:
    read_source(data, source(data))
print(json.dumps([[*key, function] for key, function in found.items()]))
"""

SEARCHING = frozenset({"search", "findall", "finditer", "sub", "subn", "split"})
ANCHORED = frozenset({"match", "fullmatch"})

# Rules whose patterns are matched from the beginning of a line; those of all other files are searched.
RULES = [
    ("archive/rules/boilerplate.toml", "fullmatch", "", "`is_boilerplate` matches a whole line"),
    ("archive/rules/headings.toml", "match", "", "`opens_report` matches the beginning of a paragraph"),
    ("archive/rules/document_types.toml", "fullmatch", "一 ?[、.] ?", "`_is_report_line` matches a whole line"),
]

COMMON = '公一0 9a(（)）《》,，。、;：:|-_\n\t<"“年月日第条.x'
TRIES, SHORT = 30, 1_000
QUICK = 0.0003
"""CPU seconds for 8,000 characters that matter: a quadratic pattern that takes as long takes 5 s for 1 MB."""
QUADRATIC = 9
"""The least factor of time for a text four times as long: 4 is linear, 16 quadratic."""


class Pattern(NamedTuple):
    compiled: re.Pattern[str]
    where: str
    uses: frozenset[str]


def patterns() -> list[Pattern]:
    """Every pattern of the program and of the rules, with the file that has it and the methods that use it."""
    run = subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.returncode == 0, run.stderr[-2000:]
    merged: dict[tuple[str, int], Pattern] = {}
    for pattern, flags, where, function in json.loads(run.stdout):
        uses = frozenset({function}) if function != "compile" else constants().get(where) or _rule_uses(where, pattern)
        before = merged.get((pattern, flags), Pattern(re.compile(pattern, flags), where, frozenset()))
        merged[pattern, flags] = before._replace(uses=before.uses | uses)
    return list(merged.values())


def _rule_uses(where: str, pattern: str) -> frozenset[str]:
    uses = [use for file, use, part, _ in RULES if file == where and part in pattern]
    return frozenset(uses) or SEARCHING


@functools.cache
def constants() -> dict[str, frozenset[str]]:
    return dict(_constants())


def _constants() -> Iterator[tuple[str, frozenset[str]]]:
    """The places of patterns that a module names, with the methods that the program calls on the names.

    The patterns of a tuple are called through the variable of a loop. A name that is used in another way is left out.
    """
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in paths}
    imported = {path: _imported(tree) for path, tree in trees.items()}
    for path, tree in trees.items():
        for statement in tree.body:
            target = statement.target if isinstance(statement, ast.AnnAssign) else None
            target = statement.targets[0] if isinstance(statement, ast.Assign) else target
            if not isinstance(target, ast.Name):
                continue
            nodes = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
            calls = [node for node in nodes if ast.unparse(node.func) == "re.compile"]
            if not calls:
                continue
            users = [trees[each] for each in trees if each == path or target.id in imported[each]]
            if uses := _uses(users, target.id):
                for call in calls:
                    for line in range(call.lineno, (call.end_lineno or call.lineno) + 1):
                        yield f"{path.relative_to(ROOT)}:{line}", uses


def _imported(tree: ast.Module) -> set[str]:
    return {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def _uses(trees: Iterable[ast.Module], name: str) -> frozenset[str]:
    """The methods called on a name, or on the variables of loops over it; empty if it is used in another way."""
    uses: set[str] = set()
    for tree in trees:
        names = {name}
        for loop in (node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.comprehension))):
            if isinstance(loop.iter, ast.Name) and loop.iter.id == name:
                names |= {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        called = [node for node in attributes if isinstance(node.value, ast.Name) and node.value.id in names]
        uses |= {node.attr for node in called} & (SEARCHING | ANCHORED | {"pattern"})
        loads = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        if names == {name} and len([node for node in loads if node.id == name]) > len(called):
            return frozenset()
    # the text of a pattern that is part of another one is that pattern's matter
    return frozenset(uses - {"pattern"})


def texts(pattern: str, choose: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yields start, repeated unit and end of texts made of the characters that a pattern names."""
    characters = [char for char in pattern if char not in "\\()[]{}?*+|^$"] or ["公"]
    characters += [char for named, char in ((r"\s", " "), (r"\d", "1"), (r"\w", "公")) if named in pattern] * 4
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


def quadratic(pattern: Pattern) -> str | None:
    """Returns a text for which the time grows with the square of the length, with the factor measured twice."""
    compiled = pattern.compiled
    uses: list[Callable[[str], object]] = [compiled.search, compiled.findall] if pattern.uses & SEARCHING else []
    uses += [getattr(compiled, name) for name in sorted(pattern.uses & ANCHORED)]
    for start, unit, end in texts(compiled.pattern, random.Random(1)):  # noqa: S311

        def text(length: int, start: str = start, unit: str = unit, end: str = end) -> str:
            return start + unit * (length // len(unit)) + end

        for use in uses:
            if seconds(use, text(SHORT)) < QUICK / 20 or seconds(use, text(SHORT * 8)) < QUICK:
                continue
            if min(_factor(use, text, SHORT * 2), _factor(use, text, SHORT * 3)) > QUADRATIC:
                after = seconds(use, text(SHORT * 8), 3)
                return f"{use.__name__}({start!r} + {unit!r} * n + {end!r}) takes {after:.4f} s for 8,000 characters"
    return None


def _factor(use: Callable[[str], object], text: Callable[[int], str], length: int) -> float:
    """How many times as long a text four times as long takes."""
    before, after = (seconds(use, text(size), 3) for size in (length, length * 4))
    return after / before


def test_no_pattern_is_quadratic() -> None:
    collected = patterns()
    assert len(collected) > 300
    found = {f"{pattern.where} {pattern.compiled.pattern[:100]}": quadratic(pattern) for pattern in collected}
    assert {pattern: text for pattern, text in found.items() if text} == {}


CHECKS = [
    (r"\s+$", "search", True, "trailing blanks are looked for from each blank again"),
    (r"(?<!\s)\s+$", "search", False, "and from the first only"),
    (r"\s+$", "match", False, "a match begins at one position"),
    (r".*[,，].*年", "match", True, "each comma is followed by a search for the year"),
]


@pytest.mark.parametrize(("pattern", "use", "expected", "reason"), CHECKS, ids=[check[-1] for check in CHECKS])
def test_a_quadratic_pattern_is_found(pattern: str, use: str, expected: object, reason: str) -> None:
    found = quadratic(Pattern(re.compile(pattern), "here", frozenset({use})))
    assert (found is not None) == expected, reason


NAMED = [
    ("archive/readers/markdown.py", {"match"}, "_HEADING", "methods that are passed on count"),
    ("archive/cues/heading_numbers.py", {"match"}, "_STYLES", "patterns in a tuple are used by a loop"),
    ("archive/readers/line_joining.py", {"fullmatch"}, "PAGE_NUMBER", "other modules use it"),
    ("archive/text/clean.py", {"sub"}, "_SPACES", "a search"),
]


@pytest.mark.parametrize(("file", "uses", "name", "reason"), NAMED, ids=[case[2] for case in NAMED])
def test_the_uses_of_a_named_pattern_are_found(file: str, uses: set[str], name: str, reason: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.startswith(name))
    found = constants()
    assert found.get(f"{file}:{line}", found.get(f"{file}:{line + 2}")) == uses, reason
