"""Every rule of the style sheet is for something: no class, id or custom property that nothing has."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

FOLDER = Path(str(files("webui")))
CSS = re.sub(r"/\*.*?\*/", "", (FOLDER / "static" / "site.css").read_text("utf-8"), flags=re.DOTALL)
SELECTORS = " ".join(re.findall(r"[^{}]+(?=\{)", CSS))
SOURCES = "\n".join(
    path.read_text("utf-8")
    for pattern in ("templates/**/*.html", "static/*.js", "render/**/*.py", "views/**/*.py", "http/*.py")
    for path in sorted(FOLDER.glob(pattern))
)
NAMES = sorted({*re.findall(r"[.#](?=[a-z])([\w-]+)", SELECTORS)})
# Classes whose last part is a number that the page computes: `line-{{ stroke.number }}`.
_COMPUTED = re.compile(r"-\d+$")


def is_used(name: str, sources: str) -> bool:
    """Whether sources have a name as a whole word, or what is before its number."""
    known = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sources) is not None
    return known or (_COMPUTED.search(name) is not None and _COMPUTED.sub("-{{", name) in sources)


def test_names_are_found() -> None:
    assert len(NAMES) > 200 and {"hit", "line-3", "main"} <= set(NAMES)


@pytest.mark.parametrize(
    ("name", "used", "reason"),
    [
        ("hits", True, "an attribute"),
        ("depth-2", True, "the number is computed"),
        ("hit-none", False, "a class that nothing has"),
        ("depht-2", False, "misspelt"),
    ],
)
def test_unused_names_are_noticed(name: str, used: bool, reason: str) -> None:  # noqa: FBT001
    assert is_used(name, '<ol class="hits"><li class="depth-{{ each.depth }}">') is used, reason


def test_every_name_is_used() -> None:
    assert [name for name in NAMES if not is_used(name, SOURCES)] == []


def test_custom_properties_are_set_and_used() -> None:
    used = {*re.findall(r"var\((--[\w-]+)", CSS), *re.findall(r'"(--[\w-]+)"', SOURCES)}
    assert {*re.findall(r"(--[\w-]+)\s*:", CSS)} == used
