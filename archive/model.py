"""The types of the archive: pages, reports and their parts, as immutable values.

Text is cleaned (see `archive.text.clean`); lines are those of the captured page, from 1. The origin of a value that
can be inferred is in a field of its own (`year_basis`, `agency_basis`).

Types of which a page has hundreds of values are structs of msgspec, which are made, written and read in a fraction of
the time of frozen dataclasses; `msgspec.structs.replace` changes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Basis = Literal["printed", "given", "inferred", "unknown"]
CellState = Literal["number", "approximate", "blank", "dash", "solved", "unreadable", "incomplete", "contradictory"]
CheckResult = Literal["passed", "passed_with_blanks", "failed", "not_checked"]
Severity = Literal["info", "warning", "error"]
FigureBasis = Literal["table", "prose", "computed", "ocr"]


class SourceSpan(msgspec.Struct, frozen=True):
    """The first and the last line of a part of the source, and its pages; None in a source without lines or pages."""

    first_line: int | None = None
    last_line: int | None = None
    first_page: int | None = None
    last_page: int | None = None

    def to(self, other: SourceSpan) -> SourceSpan:
        """The part from the beginning of this one to the last line and page of both."""
        line, page = max(self.last_line or 0, other.last_line or 0), max(self.last_page or 0, other.last_page or 0)
        return SourceSpan(self.first_line, line or None, self.first_page, page or None)

    def __str__(self) -> str:
        if self.first_line is None:
            return ""
        if self.last_line in (None, self.first_line):
            return f"{self.first_line}"
        return f"{self.first_line}-{self.last_line}"


NOWHERE = SourceSpan()


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding for a person to check; `facts` are the parameters of its message (`archive.notices.message`)."""

    code: str
    severity: Severity
    place: SourceSpan = NOWHERE
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of a page. `sha256` identifies the original in the store; `agency` is the name that a curator gave."""

    path: str
    sha256: str
    media_type: str
    url: str | None = None
    site: str | None = None
    captured_on: date | None = None
    agency: str | None = None


class Cell(msgspec.Struct, frozen=True):
    """A table cell. `rowspan` and `colspan` are the numbers of merged rows and columns."""

    text: str
    line: int | None = None
    rowspan: int = 1
    colspan: int = 1


class RecognisedCell(Cell, frozen=True):
    """A cell that was read by OCR.

    `readings` are what its number can be, the first one as `text`; a single one is certain. A label has none.
    """

    confidence: float = 0.0
    readings: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """Rows of cells as printed; a merged cell is in the row where it begins only.

    `kind` is the code of a statutory table (`requests`), None for other tables.
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: SourceSpan = NOWHERE
    kind: str | None = None

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row


def count_cells(tables: Iterable[Table | None]) -> int:
    return sum(len(row) for table in tables if table for row in table.rows)


class Block(msgspec.Struct, frozen=True):
    """A paragraph or a table of a page, in reading order. A table's `text` is empty.

    A paragraph that was read by OCR has a `confidence`.
    """

    text: str
    place: SourceSpan = NOWHERE
    table: Table | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that a page links to: the text of the link, or the name in its address, and the address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """A source as blocks; `metadata` can have the `publisher`, `published_on` and `title` of the page.

    `attachments` are the documents that it links to, `images` the addresses of all pictures that it shows, and
    `pictures` those of the pictures in the report.
    """

    source: Source
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    images: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph. `level` is 0 for running text, 1 for a sub-heading (一), 2 for one below it, and so on."""

    text: str
    place: SourceSpan = NOWHERE
    level: int = 0


class Figure(msgspec.Struct, frozen=True):
    """A number in a report, from a table or a sentence.

    `value` is None for a `blank`, `dash` or `unreadable` cell; `printed` is the text of the cell. A figure in a
    sentence has no `column`, and is `approximate` with 约 or 余. `unit` is the printed unit, None if there is none.
    `check` has the result of each identity of the form with this cell. A figure of the basis `ocr` was read from a
    picture, with a `confidence` from 0 to 1.
    """

    table: str
    row: str
    column: str | None
    value: Decimal | None
    printed: str
    state: CellState
    basis: FigureBasis = "table"
    unit: str | None = None
    label: str | None = None
    sentence: str | None = None
    place: SourceSpan = NOWHERE
    check: Mapping[str, CheckResult] = msgspec.field(default_factory=dict)
    confidence: float | None = None

    @property
    def name(self) -> str:
        """`requests.new.total`, `prose.disclosed`."""
        return ".".join(filter(None, (self.table, self.row, self.column)))

    @property
    def shown(self) -> str:
        """The text of a cell, or the number that a sentence states in words: 未收到申请 is 0, 约300条 is ≈300."""
        if self.table != "prose" or self.value is None:
            return self.printed
        return f"{'≈' * (self.state == 'approximate')}{self.value:,}"


class Check(msgspec.Struct, frozen=True):
    """An identity of the form on one row or column (`where`): the names of the figures on both sides and their sums.

    Blank and dash count as 0.
    """

    table: str
    identity: str
    where: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_sum: Decimal
    right_sum: Decimal
    result: CheckResult
    place: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level section with its printed heading, if any.

    `code` is canonical (`rules/sections.toml`); `also` has the other codes of a merged heading. `anchor` is the code,
    with `-2`, `-3` … for further sections with this code in a report.
    """

    code: str
    anchor: str
    heading: str | None
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    also: tuple[str, ...] = ()
    place: SourceSpan = NOWHERE

    @property
    def text(self) -> str:
        """The heading, sub-headings and paragraphs, one line each, without tables."""
        heading = [self.heading] if self.heading else []
        return "\n".join([*heading, *(paragraph.text for paragraph in self.paragraphs)])


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an agency with the first and the last report year in which it is known to be in use."""

    text: str
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency. Its id never changes; `place` is the division in its name (`北京市海淀区`)."""

    id: str
    name: str
    names: tuple[Name, ...] = ()
    place: str | None = None
    level: str | None = None
    kind: str | None = None


UNKNOWN_AGENCY = "unknown"
"""The id of the agency of reports without a name."""
UNKNOWN_AGENCY_NAME = "机关不详"


def report_key(agency: str, year: int | None, fingerprint: str) -> str:
    """The last part of a report's address: `2018`, or `undated-1a2b3c4d`.

    Two reports of unknown agencies on one year are no versions of one report: `2018-1a2b3c4d`.
    """
    if year is not None and agency != UNKNOWN_AGENCY:
        return str(year)
    return f"{'undated' if year is None else year}-{fingerprint[:8]}"


@dataclass(frozen=True, slots=True)
class Report:
    """An annual report on a page.

    `fingerprint` is the SHA-256 of text and cells in the normal form, equal for two copies of one report.
    `duplicate_of` is the place of an identical report above it on the page.
    """

    title: str
    title_basis: Basis
    agency: str
    agency_name: str | None
    agency_as_printed: str | None
    agency_basis: Basis
    year: int | None
    year_basis: Basis
    form: str | None
    published_on: date | None
    period: tuple[date, date] | None
    source: Source
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    notices: tuple[Notice, ...]
    place: SourceSpan
    fingerprint: str
    duplicate_of: SourceSpan | None = None
    checks: tuple[Check, ...] = ()

    @property
    def key(self) -> str:
        """The last part of the report's address, as `report_key`."""
        return report_key(self.agency, self.year, self.fingerprint)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without text, as listed by the catalogue, with the selected figures only."""

    agency: str
    agency_name: str | None
    agency_as_printed: str | None
    key: str
    year: int | None
    form: str | None
    sha256: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The reports of a page in order, the notices on the whole page, and the agencies that it names."""

    source: Source
    reports: tuple[Report, ...]
    notices: tuple[Notice, ...]
    agencies: tuple[Agency, ...] = ()
