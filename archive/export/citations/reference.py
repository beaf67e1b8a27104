"""Describes a report, or one section of it, as a bibliographic reference.

The author is the agency under its printed name. Without a printed day of publication, the year is estimated: it is the
one after the report's year, in which the Regulation requires publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from archive.model import Report, Section
from archive.vocabulary import section_label

DATABASE = "公开"
GENRE = "政府信息公开工作年度报告"

# '云溪市 水务局', '水务局， 教育局': a space without Latin letters around it
_BLANK = re.compile(r"(?<=[^ -~])\s+(?=[^ -~])")


@dataclass(frozen=True, slots=True)
class Citation:
    """The data of a reference. `part` is the heading of a section, None for the whole report.

    `url` is that of the agency's site if it is known, else `address`, that of this archive. `issued` is a day, or an
    estimated year. `as_of` is the data version.
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
        return isinstance(self.issued, int)

    @property
    def year(self) -> str | None:
        year = self.issued.year if isinstance(self.issued, date) else self.issued
        return None if year is None else f"{year:04}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """The provenance of the text, for the note fields of the formats."""
        lines = f"; lines {self.lines}" if self.lines else ""
        estimated = ("year of publication estimated",) if self.estimated else ()
        return (f"SHA-256 {self.sha256}{lines}", f"archived at {self.address}", f"as of {self.as_of}", *estimated)


def cite(report: Report, address: str, as_of: str, today: date, section: Section | None = None) -> Citation:
    """The reference to a report, or to one of its sections.

    Args:
        report: the cited report.
        address: the absolute URL of the report in this archive.
        as_of: the data version.
        today: the day of access for text cited from this archive.
        section: the cited section, None for the whole report.
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


def unsplit_author(author: str) -> str:
    """The name of an agency for formats that split names at commas, semicolons and spaces."""
    return _BLANK.sub("", author.translate({ord(","): "，", ord(";"): "；"}))
