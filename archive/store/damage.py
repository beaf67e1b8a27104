"""What a verification finds wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.errors import GongkaiError, Language

Part = Literal["originals", "catalogue", "index"]


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged or missing part of an archive.

    `code` names the kind of damage, `where` the file, report, page or agency. `zh` and `en` say what is damaged and
    what to do.
    """

    part: Part
    code: str
    where: str
    zh: str
    en: str

    @classmethod
    def of(cls, part: Part, code: str, where: str, error: GongkaiError) -> Damage:
        """Returns the damage that an error reports."""
        return cls(part, code, where, error.zh, error.en)

    def message(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en
