"""What an answer was counted on, so that a cited number can be reproduced after more reports have come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.errors import Language
from archive.export.json_types import Count

Unit = Literal["sections", "occurrences"]


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The index that was asked. `dictionary` is the hash of all that decides how text is cut into words."""

    generation: Count
    reports: Count
    sections: Count
    dictionary: str
    version: str

    def sentence(self, language: Language) -> str:
        """The same in words, on one line."""
        if language == "zh":
            return (
                f"索引第 {self.generation} 版，{self.reports:,} 份报告、{self.sections:,} 个部分；"
                f"词典 {self.dictionary[:8]}，程序 {self.version}"
            )
        return (
            f"index generation {self.generation}, {self.reports:,} reports, {self.sections:,} sections; "
            f"dictionary {self.dictionary[:8]}, version {self.version}"
        )

    def listing(self, language: Language, found: int, listed: int, of: Unit, seed: int | None = None) -> str:
        """The same for a list of what was found: whether that is all, some of it, or (with a seed) drawn at random."""
        zh, en = _listing(found, listed, of, seed)
        return self.sentence(language) + (zh if language == "zh" else en)


def _listing(found: int, listed: int, of: Unit, seed: int | None) -> tuple[str, str]:
    if not found:
        return "；没有找到", "; nothing found"
    if listed == found:
        return "", ""
    whole, part = {"sections": ("个部分", "个"), "occurrences": ("处", "处")}[of]
    if seed is not None:
        return (
            f"；从 {found:,} {whole}中随机抽取 {listed:,} {part}，种子数 {seed}",
            f"; {listed:,} of {found:,} {of} drawn at random, seed {seed}",
        )
    return f"；只列出 {found:,} {whole}中的 {listed:,} {part}", f"; {listed:,} of {found:,} {of} are listed"
