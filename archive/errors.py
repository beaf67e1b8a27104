"""Mistakes that a user can mend: one family, each a sentence in Chinese and in English."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]


class GongkaiError(Exception):
    """What was done, where, and what to do about it. `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[GongkaiError], tuple[str, str]]:
        """Both sentences, so that a mistake found in another process arrives whole."""
        return type(self), (self.zh, self.en)

    def message(self, language: Language) -> str:
        """The sentence in that language."""
        return self.zh if language == "zh" else self.en
