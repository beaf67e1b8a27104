"""What an answer was counted on, so that a cited number can be reproduced after more reports have come in."""

from __future__ import annotations

from dataclasses import dataclass

from archive import Language


@dataclass(frozen=True, slots=True)
class AsOf:
    """The index that was asked. `dictionary` is the hash of all that decides how text is cut into words."""

    generation: int
    reports: int
    sections: int
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
