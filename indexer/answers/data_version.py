"""The data version of an answer, so that a cited number can be reproduced after more reports are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.errors import Language
from archive.export.json_types import Count

Unit = Literal["sections", "occurrences"]


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version of an index. `dictionary` is the hash of everything that decides how text is split into words."""

    generation: Count
    reports: Count
    sections: Count
    dictionary: str
    version: str

    def sentence(self, language: Language) -> str:
        if language == "zh":
            return (
                f"索引第 {self.generation} 版，{self.reports:,} 份报告、{self.sections:,} 个部分；"
                f"词典 {self.dictionary[:8]}，程序 {self.version}"
            )
        return (
            f"index generation {self.generation}, {self.reports:,} reports, {self.sections:,} sections; "
            f"dictionary {self.dictionary[:8]}, version {self.version}"
        )

    def listing(self, language: Language, total: int, listed: int, unit: Unit, seed: int | None = None) -> str:
        """Returns the sentence for a list: whether it has all matches, some, or (with a seed) a random sample."""
        whole, part = {"sections": ("个部分", "个"), "occurrences": ("处", "处")}[unit]
        if not total:
            zh, en = "；没有找到", "; nothing found"
        elif listed == total:
            zh, en = "", ""
        elif seed is None:
            zh, en = f"；只列出 {total:,} {whole}中的 {listed:,} {part}", f"; {listed:,} of {total:,} {unit} are listed"
        else:
            zh = f"；从 {total:,} {whole}中随机抽取 {listed:,} {part}，种子数 {seed}"
            en = f"; {listed:,} of {total:,} {unit} drawn at random, seed {seed}"
        return self.sentence(language) + (zh if language == "zh" else en)
