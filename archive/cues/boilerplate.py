"""Removes the lines of the site around reports (`rules/boilerplate.toml`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from archive.model import Block
from archive.rulebook import rulebook
from archive.text.match import fold


def without_boilerplate(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.table or not is_boilerplate(block.text))


def is_boilerplate(line: str) -> bool:
    """Whether a rule matches the whole line."""
    return _patterns().fullmatch(fold(line)) is not None


@functools.cache
def _patterns() -> re.Pattern[str]:
    rules = rulebook("boilerplate.toml")["boilerplate"]
    return re.compile("|".join(f"(?:{rule['pattern'].pattern})" for rule in rules))
