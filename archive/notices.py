"""Notices: what a person should know of a page, as data, and in words on request."""

from __future__ import annotations

import functools
from typing import cast

from archive.errors import Language
from archive.model import Notice, Severity, SourceSpan
from archive.rulebook import rulebook


def notice(code: str, place: SourceSpan = SourceSpan(), **facts: object) -> Notice:  # noqa: B008 (Place is frozen)
    """A notice with the severity of its code.

    Raises:
        KeyError: for a code that `rules/notices.toml` does not have, or a fact that its sentences need and lack.
    """
    rule = _rules()[code]
    made = Notice(code, cast(Severity, rule["severity"]), place, {name: str(fact) for name, fact in facts.items()})
    message(made, "zh"), message(made, "en")  # a sentence with a hole is found where it is made, not where it is shown
    return made


def message(given: Notice, language: Language) -> str:
    """The notice as a sentence or two: what was found, and what can be done about it."""
    return _rules()[given.code][language].format_map({**given.facts, "place": str(given.place)})


def codes() -> tuple[str, ...]:
    """Every code that a notice can have."""
    return tuple(_rules())


@functools.cache
def _rules() -> dict[str, dict[str, str]]:
    return cast(dict[str, dict[str, str]], rulebook("notices.toml"))
