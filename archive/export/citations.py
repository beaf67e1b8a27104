"""A report, or one section of it, as a reference: GB/T 7714 (2025 and 2015), RIS, BibTeX, CSL-JSON, OpenURL.

The author is the agency under the name that it printed. A day of publication that no page prints is never made up: the
year is then the one in which the Regulation has the report published, the one after its own, and marked as estimated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from archive.model import Report, Section
from archive.vocabulary import section_label

DATABASE = "公开"
GENRE = "政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Citation:
    """What every format is written from. `part` is a section's heading, None for the whole report.

    `url` leads to the text on the agency's site where that is known, else to `address`, its place in this archive.
    `issued` is a day or, where `estimated`, a year. `as_of` says what the text was read from.
    """

    id: str
    number: str
    author: str | None
    title: str
    part: str | None
    issued: date | int | None
    url: str
    address: str
    accessed: date
    site: str | None
    sha256: str
    lines: str
    as_of: str

    @property
    def estimated(self) -> bool:
        """Whether the year of publication was worked out and not read."""
        return isinstance(self.issued, int)

    @property
    def year(self) -> str | None:
        """The year of publication in four digits."""
        year = self.issued.year if isinstance(self.issued, date) else self.issued
        return None if year is None else f"{year:04}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What proves the text, for the fields that formats keep for notes."""
        lines = f"; lines {self.lines}" if self.lines else ""
        estimated = ("year of publication estimated",) if self.estimated else ()
        return (f"SHA-256 {self.sha256}{lines}", f"archived at {self.address}", f"as of {self.as_of}", *estimated)


def cite(report: Report, address: str, as_of: str, today: date, section: Section | None = None) -> Citation:
    """The reference to a report, or to one of its sections.

    Args:
        report: what is cited.
        address: the absolute address of the report in this archive.
        as_of: the state of the archive that was read.
        today: the day of reading, for text that is cited from this archive itself.
        section: the section cited, None for the whole report.
    """
    anchor = section.anchor if section else None
    place = section.place if section else report.place
    number = f"{report.agency}/{report.key}"
    source = report.source
    here = f"{address}#{anchor}" if anchor else address
    return Citation(
        id="-".join([report.agency, report.key, *([anchor] if anchor else [])]),
        number=f"{number}#{anchor}" if anchor else number,
        author=report.agency_as_printed or report.agency_name,
        title=report.title,
        part=None if section is None else section.heading or section_label(section.code, "zh"),
        issued=report.published_on or (report.year + 1 if report.year else None),
        url=source.url or here,
        address=here,
        accessed=source.captured_on or today if source.url else today,
        site=source.site,
        sha256=source.sha256,
        lines=str(place),
        as_of=as_of,
    )


def gbt_2015(citation: Citation) -> str:
    """GB/T 7714—2015, 4.1, 4.2 and 8: the day of publication in ( ), the day of access in [ ]."""
    published = f"({citation.issued.isoformat()})" if isinstance(citation.issued, date) else ""
    return _gbt(citation, f"{published}[{citation.accessed.isoformat()}]")


def gbt_2025(citation: Citation) -> str:
    """GB/T 7714—2025, 8.3 and 8.8: reports have no day of access any more; an estimated year stands in [ ]."""
    published = citation.issued.isoformat() if isinstance(citation.issued, date) else ""
    return _gbt(citation, published or (f"[{citation.issued}]" if citation.issued else ""))


def _gbt(citation: Citation, dates: str) -> str:
    author = [citation.author] if citation.author else []
    if citation.part is None:
        parts = [*author, f"{citation.title}[R/OL]"]
    else:
        host = ". ".join([*author, citation.title])
        parts = [*author, f"{citation.part}[R/OL]//{host}"]
    return ". ".join([*parts, *([dates] if dates else []), citation.url]) + "."


def ris(citation: Citation) -> str:
    """RIS: one tag a line, two blanks, a hyphen, a blank; CRLF; `TY` first and `ER` last."""
    fields: list[tuple[str, str | None]] = [
        ("TY", "CHAP" if citation.part else "RPRT"),
        ("ID", citation.id),
        ("AU", citation.author and _whole(citation.author)),
        ("TI", citation.part or citation.title),
        ("T2", citation.title if citation.part else None),
        ("PY", citation.year),
        ("DA", f"{citation.issued:%Y/%m/%d}/" if isinstance(citation.issued, date) else None),
        ("PB", citation.author),
        ("M3", None if citation.part else GENRE),
        ("LA", "zh"),
        ("UR", citation.url),
        ("Y2", f"{citation.accessed:%Y/%m/%d}/"),
        ("DB", DATABASE),
        ("AN", citation.number),
        *(("N1", remark) for remark in citation.remarks),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def bibtex(citation: Citation) -> str:
    """BibTeX: names and titles in double braces, so that no style takes the agency for a person or lowers letters."""
    author = f"{{{_tex(citation.author)}}}" if citation.author else None
    year = f"[{citation.year}]" if citation.estimated else citation.year
    month = str(citation.issued.month) if isinstance(citation.issued, date) else None
    title = f"{{{_tex(citation.title)}}}"
    part = citation.part and f"{{{_tex(citation.part)}}}"
    fields: list[tuple[str, str | None]] = [
        ("author", author),
        ("title", part or title),
        ("booktitle", title if part else None),
        ("publisher" if part else "institution", citation.author and _tex(citation.author)),
        ("type", None if part else GENRE),
        ("year", year),
        ("month", month),
        ("url", quote(citation.url, safe=_URL)),
        ("urldate", citation.accessed.isoformat()),
        ("language", "chinese"),
        ("note", _tex("; ".join(citation.remarks))),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{'incollection' if part else 'techreport'}{{{citation.id},\n{lines}}}\n\n"


def csl(citation: Citation) -> dict[str, object]:
    """One item of CSL-JSON."""
    item: dict[str, object] = {
        "id": citation.id,
        "type": "chapter" if citation.part else "report",
        "title": citation.part or citation.title,
    }
    if citation.part:
        item["container-title"] = citation.title
    else:
        item["genre"] = GENRE
    if citation.author:
        item |= {"author": [{"literal": citation.author}], "publisher": citation.author}
    if isinstance(citation.issued, date):
        item["issued"] = {"date-parts": [_parts(citation.issued)]}
    elif citation.issued:
        item["issued"] = {"date-parts": [[citation.issued]], "circa": True}
    return item | {
        "URL": citation.url,
        "accessed": {"date-parts": [_parts(citation.accessed)]},
        "source": DATABASE,
        "language": "zh-CN",
        "note": "; ".join(citation.remarks),
        "custom": {"sha256": citation.sha256, "address": citation.address, "as_of": citation.as_of},
    }


def context_object(citation: Citation) -> str:
    """The OpenURL ContextObject that COinS puts into a page: Z39.88-2004, book format, genre report or bookitem."""
    part = citation.part
    fields: list[tuple[str, str | None]] = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rfr_id", "info:sid/gongkai"),
        ("rft.genre", "bookitem" if part else "report"),
        ("rft.atitle", part),
        ("rft.btitle", citation.title),
        ("rft.title", citation.title),
        ("rft.aucorp", citation.author),
        ("rft.pub", citation.author),
        ("rft.date", str(citation.issued) if citation.issued else None),
        ("rft.language", "zh"),
        ("rft_id", citation.url),
    ]
    return urlencode([(name, value) for name, value in fields if value])


def highwire(citation: Citation) -> tuple[tuple[str, str], ...]:
    """The meta tags that Google Scholar and reference managers read, name and content, in order."""
    issued, part = citation.issued, citation.part
    fields: list[tuple[str, str | None]] = [
        ("citation_title", part or citation.title),
        ("citation_book_title", citation.title if part else None),
        ("citation_author", citation.author and _whole(citation.author)),
        ("citation_publisher" if part else "citation_technical_report_institution", citation.author),
        ("citation_publication_date", f"{issued:%Y/%m/%d}" if isinstance(issued, date) else citation.year),
        ("citation_language", "zh"),
        ("citation_public_url", citation.address),
        ("citation_fulltext_html_url", citation.address),
    ]
    return tuple((name, value) for name, value in fields if value)


def _whole(author: str) -> str:
    """The name of an agency where a comma would part a person's names, a semicolon two persons, a blank both."""
    return _BLANK.sub("", author.translate({ord(","): "，", ord(";"): "；"}))


@dataclass(frozen=True, slots=True)
class Style:
    """A format of references. `write` gives many of them piece by piece, with `as_of` where the file has room."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Iterable[Citation], str], Iterator[str]]


def _plain(one: Callable[[Citation], str]) -> Callable[[Iterable[Citation], str], Iterator[str]]:
    return lambda citations, _as_of: (one(citation) + "\n" for citation in citations)


def _bibliography(citations: Iterable[Citation], as_of: str) -> Iterator[str]:
    yield f"% as of {' '.join(as_of.split())}\n\n"
    yield from map(bibtex, citations)


def _items(citations: Iterable[Citation], _as_of: str) -> Iterator[str]:
    opening = "[\n"
    for citation in citations:
        yield opening + json.dumps(csl(citation), ensure_ascii=False)
        opening = ",\n"
    yield "\n]\n" if opening.startswith(",") else "[]\n"


STYLES: Mapping[str, Style] = {
    style.suffix: style
    for style in (
        Style("GB/T 7714—2025", "gbt-2025.txt", "text/plain", _plain(gbt_2025)),
        Style("GB/T 7714—2015", "gbt-2015.txt", "text/plain", _plain(gbt_2015)),
        Style("RIS", "ris", "application/x-research-info-systems", lambda citations, _as_of: map(ris, citations)),
        Style("BibTeX", "bib", "application/x-bibtex", _bibliography),
        Style("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", _items),
    )
}
"""Every format by the end of its files' names."""

# '云溪市 水务局', '水务局， 教育局': a blank with no Latin letter at either side
_BLANK = re.compile(r"(?<=[^ -~])\s+(?=[^ -~])")
_URL = ":/?#[]@!$&'()*+,;=%~"
_TEX = {"\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}"}
_TEX |= {"^": r"{\textasciicircum}"} | {mark: f"\\{mark}" for mark in "$&#_%"}
# a mark that TeX would obey
_OBEYED = re.compile(r"[\\{}~^$&#_%]")


def _tex(text: str) -> str:
    return _OBEYED.sub(lambda match: _TEX[match[0]], " ".join(text.split()))


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
