"""Holds what every command receives: the home of the archive and the user's language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import Language


@dataclass(frozen=True, slots=True)
class Context:
    """The object of the command line (`click.Context.obj`)."""

    home: Path
    language: Language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en
