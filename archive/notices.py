"""Creates notices on pages and reports, and their messages (`rules/notices.toml`)."""

from __future__ import annotations

import functools
from typing import cast

from archive.errors import Language
from archive.model import Notice, Severity, SourceSpan
from archive.rulebook import rulebook


def notice(code: str, place: SourceSpan = SourceSpan(), **facts: object) -> Notice:  # noqa: B008 (SourceSpan is frozen)
    """A notice with the severity of its code; a KeyError for an unknown code."""
    severity = cast(Severity, _rules()[code]["severity"])
    return Notice(code, severity, place, {name: str(fact) for name, fact in facts.items()})


def message(notice: Notice, language: Language) -> str:
    """The problem, and what to do about it, in one or two sentences."""
    return _rules()[notice.code][language].format_map({**notice.facts, "place": str(notice.place)})


def codes() -> tuple[str, ...]:
    return tuple(_rules())


@functools.cache
def _rules() -> dict[str, dict[str, str]]:
    return cast(dict[str, dict[str, str]], rulebook("notices.toml"))
