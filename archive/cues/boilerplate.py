"""Removes the lines that a site prints around its reports (`rules/boilerplate.toml`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from archive.model import Block
from archive.rulebook import rulebook
from archive.text.match import fold


def without_boilerplate(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without the lines of the site; tables stay."""
    return tuple(block for block in blocks if block.table or not is_boilerplate(block.text))


def is_boilerplate(line: str) -> bool:
    """Whether a rule matches the whole line."""
    return _patterns().fullmatch(fold(line)) is not None


@functools.cache
def _patterns() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{rule['pattern'].pattern})" for rule in rulebook("boilerplate.toml")["boilerplate"])
    )
