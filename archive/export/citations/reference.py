"""Describes a report, or one section of it, as a bibliographic reference.

The author is the agency under the name that it printed. A day of publication that no page prints is never made up: the
year is then the one in which the Regulation has the report published, the one after its own, and marked as estimated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from archive.model import Report, Section
from archive.vocabulary import section_label

DATABASE = "公开"
GENRE = "政府信息公开工作年度报告"

# '云溪市 水务局', '水务局， 教育局': a blank with no Latin letter at either side
_BLANK = re.compile(r"(?<=[^ -~])\s+(?=[^ -~])")


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


def unsplit_author(author: str) -> str:
    """The name of an agency for formats that split names at commas, semicolons and blanks."""
    return _BLANK.sub("", author.translate({ord(","): "，", ord(";"): "；"}))
