"""Cutting only what changed: a section that stood in the replaced index word for word keeps its cut.

Cutting is more than half of the work of a build, and most sections of an archive are the same as the last time.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

from indexer.engines.whoosh.columns import Columns, as_units
from indexer.words import Words


class Cutter:
    """Cuts texts into words; `replaced` is the index to take cuts over from, built with the same dictionary."""

    def __init__(self, words: Words, replaced: Path | None = None) -> None:
        self._words = words
        self._columns = Columns(replaced / "columns") if replaced else None
        sections = range(self._columns.size) if self._columns else ()
        self._known = {_digest(self._columns.form(section)): section for section in sections if self._columns}

    def cut(self, form: str) -> list[str]:
        """The pieces of a text in the normal form; joined they are the text."""
        section = self._known.get(_digest(form))
        if section is None or self._columns is None or len(form) != len(as_units(form)):
            return self._words.cut(form)  # also where a character is two units, and ends are no offsets into the text
        return [form[start:end] for start, end in pairwise((0, *self._columns.ends(section).tolist()))]


def _digest(form: str) -> bytes:
    return hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=16).digest()
