"""What a page says: the words of the trade as frozen values.

Text in these values is cleaned text (see `archive.clean`); lines are counted from 1 in the page as captured.
A value that was worked out rather than read says how in a field of its own (`year_basis`, `agency_basis`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Basis = Literal["printed", "given", "inferred", "unknown"]
CellState = Literal["number", "blank", "dash", "solved", "unreadable"]
CheckResult = Literal["passed", "passed_with_blanks", "failed", "not_checked"]
Severity = Literal["info", "warning", "error"]
FigureBasis = Literal["table", "prose"]


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Lines of the source, first and last included; both None in a source without lines."""

    first_line: int | None = None
    last_line: int | None = None

    def __str__(self) -> str:
        if self.first_line is None:
            return ""
        if self.last_line in (None, self.first_line):
            return f"{self.first_line}"
        return f"{self.first_line}-{self.last_line}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know or look at; `archive.notices.message` puts it in words.

    `facts` fill the blanks of the sentence that `rules/notices.toml` keeps for the code.
    """

    code: str
    severity: Severity
    place: SourceSpan = SourceSpan()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes came from. `sha256` names the original in the store."""

    path: str
    sha256: str
    media_type: str
    url: str | None = None
    site: str | None = None
    captured_on: date | None = None
    agency: str | None = None
    """The agency that a curator gave with the page (`source.toml`), as a name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell. `colspan` and `rowspan` count grid places, 1 where nothing is merged."""

    text: str
    line: int | None = None
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as printed; a merged cell stands once, in the row where it begins.

    `kind` is the code of the statutory table it was recognised as (`requests`), else None.
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: SourceSpan = SourceSpan()
    kind: str | None = None

    def cells(self) -> Iterator[Cell]:
        """Every cell in reading order, blank ones too."""
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table of a page, in reading order. A table's `text` is empty."""

    text: str
    place: SourceSpan = SourceSpan()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A source as blocks, before anything is known of reports."""

    source: Source
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What the page says of itself outside the text: `publisher`, `published_on`, `title`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `level` is 0 for running text, 1 for a sub-heading (一), 2 for one below it, and so on."""

    text: str
    place: SourceSpan = SourceSpan()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a report states.

    `value` is None where none is printed (`blank`, `dash`) or readable (`unreadable`); `printed` is the cell as it
    stands. `column` is None for prose, where `sentence` holds the sentence. `unit` is the unit that the page prints,
    None where it prints none: never assumed. `check` maps each identity that the cell stands in to its result.
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
    place: SourceSpan = SourceSpan()
    check: Mapping[str, CheckResult] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`requests.new.total`, `prose.disclosed`."""
        return ".".join(part for part in (self.table, self.row, self.column) if part)


@dataclass(frozen=True, slots=True)
class Check:
    """One identity of the form on one row or column (`where`): the names of the figures on both sides, their sums
    (blank and dash count as 0), and what came out.
    """

    table: str
    identity: str
    where: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_sum: Decimal
    right_sum: Decimal
    result: CheckResult
    place: SourceSpan = SourceSpan()


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level section. `heading` is as printed, None where the page prints none.

    `code` is canonical (`rules/sections.toml`), `also` the codes of the other sections that its heading merges;
    `anchor` is the code, with `-2`, `-3` … for a second and third one of the same code in one report.
    """

    code: str
    anchor: str
    heading: str | None
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    also: tuple[str, ...] = ()
    place: SourceSpan = SourceSpan()

    @property
    def text(self) -> str:
        """Running text: the heading, then sub-headings and paragraphs, one line each; no table cells."""
        heading = [self.heading] if self.heading else []
        return "\n".join([*heading, *(paragraph.text for paragraph in self.paragraphs)])


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an agency with the report years in which it was seen or is known to have been in use."""

    text: str
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency. Its id never changes. `place` is the place that its name states (`北京市海淀区`)."""

    id: str
    name: str
    names: tuple[Name, ...] = ()
    place: str | None = None
    level: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report as printed on one page.

    `key` is its last part of the address: the year, or `undated-` and eight hex digits of its text's hash.
    `fingerprint` is the SHA-256 of its normal text and cells: equal for two printings of the same report.
    `duplicate_of` is the place of the earlier, identical printing on the same page.
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
        """The report's part of its address: `2018` or `undated-1a2b3c4d`."""
        return str(self.year) if self.year is not None else f"undated-{self.fingerprint[:8]}"


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without its text, as the catalogue lists it. `figures` holds only those that were selected."""

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
    """All that one page says: its reports in page order and the notices on the page as a whole."""

    source: Source
    reports: tuple[Report, ...]
    notices: tuple[Notice, ...]
    agencies: tuple[Agency, ...] = ()
