"""Cites a count: the totals of a query with its interpretation, the day and the data version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from archive.errors import Language
from archive.export.citations.bibtex import URL_SAFE, tex
from archive.export.citations.reference import DATABASE

_NAMES = ("公开：政府信息公开年度报告全文库", "Gongkai, a full-text archive of Chinese disclosure reports")
# '5169799f9336:30:12:10:2026-11-27'; '-' for the occurrences of a query without text
_CITED = re.compile(r"([0-9a-f]{12}):(-|\d{1,9}):(\d{1,9}):(\d{1,9}):(\d{4}-\d\d-\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class CitedTotals:
    """The totals of a count, the day, and the first 12 characters of the content hash; the URL of a citation has them.

    Whoever opens a URL may have changed it, so totals that were read from one are a claim.
    """

    content: str
    occurrences: int | None
    sections: int
    reports: int
    day: date

    def __str__(self) -> str:
        occurrences = "-" if self.occurrences is None else self.occurrences
        return f"{self.content}:{occurrences}:{self.sections}:{self.reports}:{self.day.isoformat()}"

    @property
    def counts(self) -> tuple[int | None, int, int]:
        return self.occurrences, self.sections, self.reports

    def sentence(self, language: Language) -> str:
        """The totals in words, the occurrences first where there are any."""
        units = (("处", "occurrence"), ("个章节", "section"), ("份报告", "report"))
        counted = [(count, *unit) for count, unit in zip(self.counts, units, strict=True) if count is not None]
        if language == "zh":
            return "，".join(f"{count:,} {zh}" for count, zh, _ in counted)
        return ", ".join(f"{count:,} {en}{'' if count == 1 else 's'}" for count, _, en in counted)


def read_cited(text: str, today: date) -> CitedTotals | None:
    """Reads what `str` of the totals wrote; None for anything else, such as ten digits or a future day.

    Where the citation was made, it may be a day later than `today`, by the clock of another time zone.
    """
    if not (found := _CITED.fullmatch(text)):
        return None
    try:
        day = date.fromisoformat(found[5])
    except ValueError:
        return None
    occurrences = None if found[2] == "-" else int(found[2])
    if day > today + timedelta(days=1):
        return None
    return CitedTotals(found[1], occurrences, int(found[3]), int(found[4]), day)


@dataclass(frozen=True, slots=True)
class CountCitation:
    """The data of a reference to a count.

    `readings` have the interpretation of the query in each language; `version` is that of the program. `url` opens the
    count again; None outside a site.
    """

    query: str
    readings: Mapping[Language, str]
    totals: CitedTotals
    version: str
    url: str | None

    @property
    def id(self) -> str:
        named = f"{self.readings['zh']}\n{self.totals}"
        return f"gongkai-count-{hashlib.sha256(named.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"

    def title(self, language: Language) -> str:
        query, counts = " ".join(self.query.split()), self.totals.sentence(language)
        if language == "zh":
            return f"{f'检索式 {query} 的计数' if query else '计数'}：{counts}"
        return f"{f'Count for the query {query}' if query else 'Count'}: {counts}"

    def notes(self, language: Language) -> tuple[str, str]:
        """The interpretation and the data version, for the note fields of the formats."""
        reading, content = self.readings[language], self.totals.content
        if language == "zh":
            return f"检索理解为：{reading}", f"数据版本 {content}，程序 gongkai {self.version}"
        return f"Interpreted as: {reading}", f"data version {content}, gongkai {self.version}"


def gbt_of_count(citation: CountCitation) -> str:
    """GB/T 7714, 8.6 (databases): the day of access stands in [ ], since a later count may differ."""
    title = "；".join([citation.title("zh"), *citation.notes("zh")])
    parts = [_NAMES[0], f"{title}[DB/OL]", f"[{citation.totals.day.isoformat()}]", *filter(None, [citation.url])]
    return ". ".join(parts) + ".\n"


def apa_of_count(citation: CountCitation) -> str:
    """APA, 7th edition, 10.9 (data sets), with the day of retrieval."""
    day = citation.totals.day
    notes = "; ".join(citation.notes("en"))
    retrieved = f"{day:%B} {day.day}, {day.year}"
    where = f"Retrieved {retrieved}, from {citation.url}" if citation.url else f"Retrieved {retrieved}."
    return f"{_NAMES[1]}. ({day.year}). {citation.title('en')} ({notes}) [Data set]. {where}\n"


def bibtex_of_count(citation: CountCitation) -> str:
    day, (reading, version) = citation.totals.day, citation.notes("en")
    fields = [
        ("author", f"{{{tex(DATABASE)}}}"),
        ("title", f"{{{tex(citation.title('zh'))}}}"),
        ("howpublished", tex(_NAMES[1])),
        ("year", str(day.year)),
        ("month", str(day.month)),
        ("url", quote(citation.url, safe=URL_SAFE) if citation.url else ""),
        ("urldate", day.isoformat()),
        ("language", "chinese"),
        ("note", tex(f"{reading}; {version}")),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@misc{{{citation.id},\n{lines}}}\n"


def ris_of_count(citation: CountCitation) -> str:
    day = citation.totals.day
    fields = [
        ("TY", "DATA"),
        ("ID", citation.id),
        ("AU", DATABASE),
        ("TI", citation.title("zh")),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}/"),
        ("LA", "zh"),
        ("UR", citation.url),
        ("Y2", f"{day:%Y/%m/%d}/"),
        ("DB", DATABASE),
        *(("N1", note) for note in citation.notes("en")),
    ]
    return "\r\n".join([*(f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value), "ER  - ", ""])


@dataclass(frozen=True, slots=True)
class CountStyle:
    """A format of references to counts."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[CountCitation], str]

    @property
    def language(self) -> str:
        """The language of most of the text, for the `lang` attribute."""
        return "en" if self.suffix == "apa.txt" else "zh-Hans"


COUNT_STYLES: Mapping[str, CountStyle] = {
    style.suffix: style
    for style in (
        CountStyle("GB/T 7714", "gbt.txt", "text/plain", gbt_of_count),
        CountStyle("APA", "apa.txt", "text/plain", apa_of_count),
        CountStyle("BibTeX", "bib", "application/x-bibtex", bibtex_of_count),
        CountStyle("RIS", "ris", "application/x-research-info-systems", ris_of_count),
    )
}
"""The formats by the suffix of their files."""


def count_references(citation: CountCitation) -> Iterator[tuple[CountStyle, str]]:
    """Yields the reference in every format."""
    return ((style, style.write(citation)) for style in COUNT_STYLES.values())
