"""What a page prints around its reports: left out by name (`rules/boilerplate.toml`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from archive.model import Block
from archive.rulebook import rulebook
from archive.text.match import fold


def without_boilerplate(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks but those lines that are known to belong to the site and not to a report."""
    return tuple(block for block in blocks if block.table or not is_boilerplate(block.text))


def is_boilerplate(line: str) -> bool:
    """Whether a rule knows the whole line as the site's own."""
    return _patterns().fullmatch(fold(line)) is not None


@functools.cache
def _patterns() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{rule['pattern'].pattern})" for rule in rulebook("boilerplate.toml")["boilerplate"])
    )
