"""The data version of an answer, so that a cited number can be reproduced after more reports are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.errors import Language
from archive.export.json_types import Count

SHORT = 12
"""Characters of the content hash that pages and citations show."""

Unit = Literal["sections", "occurrences"]


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version of an index.

    `content` is the hash of what the archive holds, equal on every machine for equal reports. `dictionary` is the hash
    of everything that decides how text is split into words.
    """

    generation: Count
    reports: Count
    sections: Count
    content: str
    dictionary: str
    version: str

    @property
    def short(self) -> str:
        """The first characters of the content hash, enough to tell two states apart."""
        return self.content[:SHORT]

    def sentence(self, language: Language, *, full: bool = False) -> str:
        """Returns the data version; files have the `full` content hash."""
        content = self.content if full else self.short
        if language == "zh":
            return (
                f"索引版本 {self.generation}，{self.reports:,} 份报告、{self.sections:,} 个章节；"
                f"词典 {self.dictionary[:8]}，程序 {self.version}；内容哈希 {content}"
            )
        return (
            f"index version {self.generation}, {self.reports:,} reports, {self.sections:,} sections; "
            f"dictionary {self.dictionary[:8]}, version {self.version}; content hash {content}"
        )

    def listing(
        self,
        language: Language,
        total: int,
        listed: int,
        unit: Unit,
        seed: int | None = None,
        *,
        full: bool = True,
    ) -> str:
        """Returns the sentence for a list: whether it has all matches, some, or (with a seed) a random sample."""
        whole, part = {"sections": ("个章节", "个"), "occurrences": ("处", "处")}[unit]
        if not total:
            zh, en = "；没有找到", "; nothing found"
        elif listed == total:
            zh, en = "", ""
        elif seed is None:
            zh, en = f"；只列出 {total:,} {whole}中的 {listed:,} {part}", f"; {listed:,} of {total:,} {unit} are listed"
        else:
            zh = f"；从 {total:,} {whole}中随机抽取 {listed:,} {part}，种子数 {seed}"
            en = f"; {listed:,} of {total:,} {unit} drawn at random, seed {seed}"
        return self.sentence(language, full=full) + (zh if language == "zh" else en)
