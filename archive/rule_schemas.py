"""The types of the files of `archive/rules/`: which keys a row has, and of which types their values are."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

Pattern = re.Pattern[str]

# `reads` are lines that the pattern matches, `not` lines that it must not match.
_Lines = tuple[str, ...]
PatternRule = TypedDict("PatternRule", {"pattern": Pattern, "reads": _Lines, "not": NotRequired[_Lines]})


class _ReasonedRule(PatternRule):
    reason: str


class CodedRule(PatternRule):
    """A pattern and the code of the lines that it matches."""

    code: str


class _Label(TypedDict):
    code: str
    zh: str
    en: str


class SectionRule(_Label):
    """A canonical section. `strong` patterns precede all others; `unnumbered` names need no number."""

    strong: NotRequired[tuple[PatternRule, ...]]
    patterns: NotRequired[tuple[PatternRule, ...]]
    unnumbered: NotRequired[tuple[str, ...]]


class _MergedHeading(TypedDict):
    heading: str
    codes: tuple[str, ...]


class _SectionRules(TypedDict):
    unknown: tuple[str, ...]
    merged: tuple[_MergedHeading, ...]
    section: tuple[SectionRule, ...]


_RepetitiveRule = TypedDict(
    "_RepetitiveRule",
    {"characters": int, "times_smaller": int, "reads": tuple[str, ...], "not": tuple[str, ...], "reason": str},
)


class _Preamble(_ReasonedRule):
    """A sentence that opens a report; a `weak` one occurs in news about reports as well."""

    weak: NotRequired[bool]


class _OwnSection(TypedDict):
    codes: tuple[str, ...]
    reason: str


class _HeadingRules(TypedDict):
    endings: tuple[str, ...]
    joining: tuple[str, ...]
    preamble: tuple[_Preamble, ...]
    own_section: tuple[_OwnSection, ...]


class _OtherDocument(PatternRule):
    among: Literal["titles", "head", "headings"]
    zh: str
    en: str
    hands_out: NotRequired[bool]
    untitled: NotRequired[bool]
    unnamed: NotRequired[bool]


class _DocumentTypes(TypedDict):
    other: tuple[_OtherDocument, ...]
    sign: tuple[CodedRule, ...]


class _TitleRules(TypedDict):
    not_in_title: tuple[str, ...]
    subject: PatternRule
    aside: tuple[_ReasonedRule, ...]


# `reads` are lines with the text of the pattern's group in them.
CapturingRule = TypedDict(
    "CapturingRule",
    {"code": str, "pattern": Pattern, "reads": dict[str, str], "not": tuple[str, ...], "reason": str},
)


class _MentionRules(TypedDict):
    labels: tuple[str, ...]
    next_labels: tuple[str, ...]
    disclosure_office: PatternRule
    government: PatternRule
    site: PatternRule
    breadcrumb: PatternRule
    office: PatternRule
    mention: tuple[CapturingRule, ...]


class ProseRow(TypedDict):
    """A row of figures in sentences; `cell` is the cell of a statutory table with the same figure.

    Outside the sections that are about requests, a figure needs a paragraph in which `about` matches.
    """

    code: str
    zh: str
    en: str
    unit: str
    cell: NotRequired[str]
    about: NotRequired[Pattern]


# Statements of a number: `reads` are sentences with the value of the pattern's group `n`. Every match has `word` in it.
FigureRule = TypedDict(
    "FigureRule",
    {"row": str, "word": str, "pattern": Pattern, "reads": dict[str, str], "not": tuple[str, ...]},
)

# Statements that there was none: `rows` have the word of each row in a match, `reads` the rows of each sentence.
NoneRule = TypedDict(
    "NoneRule",
    {"rows": dict[str, str], "pattern": Pattern, "reads": dict[str, tuple[str, ...]], "not": tuple[str, ...]},
)

# Statements about something else, such as an earlier year; no `rows` are all rows.
ExceptRule = TypedDict(
    "ExceptRule",
    {
        "code": str,
        "reach": Literal["clause", "sentence", "behind"],
        "rows": tuple[str, ...],
        "pattern": Pattern,
        "reads": tuple[str, ...],
        "not": tuple[str, ...],
        "reason": str,
    },
)


class ApproximateRule(TypedDict):
    """Words right before or behind a number."""

    before: Pattern
    behind: Pattern


_ProseRules = TypedDict(
    "_ProseRules",
    {
        "terms": dict[str, str],
        "row": tuple[ProseRow, ...],
        "figure": tuple[FigureRule, ...],
        "none": tuple[NoneRule, ...],
        "approximate": ApproximateRule,
        "except": tuple[ExceptRule, ...],
    },
)


class _AgencyName(TypedDict):
    text: str
    first_year: NotRequired[int]
    last_year: NotRequired[int]


class _AgencyRow(TypedDict):
    id: str
    place: str
    reason: str
    names: tuple[_AgencyName, ...]


class _AgencyRules(TypedDict):
    endings: tuple[str, ...]
    superiors: tuple[str, ...]
    vague: PatternRule
    nationwide: tuple[str, ...]
    unlisted_place: PatternRule
    township: PatternRule
    vague_township: PatternRule
    zone: PatternRule
    vague_zone: PatternRule
    own_outline: tuple[str, ...]
    level: tuple[_Label, ...]
    kind: tuple[_Label, ...]
    levels: tuple[CodedRule, ...]
    kinds: tuple[CodedRule, ...]
    agency: tuple[_AgencyRow, ...]


class _PlacelessRule(CodedRule):
    reason: str


class _NameRules(TypedDict):
    terms: dict[str, str]
    title_endings: tuple[str, ...]
    refused: tuple[_ReasonedRule, ...]
    lead: tuple[_ReasonedRule, ...]
    before_place: PatternRule
    placeless: tuple[_PlacelessRule, ...]
    short: PatternRule
    generic: PatternRule


class _AliasRule(TypedDict):
    """Names of one kind of agency, and former ones that became part of it in a year."""

    names: tuple[str, ...]
    former: NotRequired[tuple[str, ...]]
    since: NotRequired[int]
    reason: str


class _BranchRule(_ReasonedRule):
    written: tuple[str, ...]


class _AgencySearchRules(TypedDict):
    year: PatternRule
    span: PatternRule
    left_out: tuple[str, ...]
    left_out_english: tuple[str, ...]
    branch: tuple[_BranchRule, ...]
    alias: tuple[_AliasRule, ...]


class _PlaceReading(TypedDict):
    zh: str
    pinyin: str


class _EnglishName(TypedDict):
    zh: str
    en: str


class _EnglishTerm(TypedDict):
    zh: str
    en: tuple[str, ...]


class _EnglishRules(TypedDict):
    place: tuple[_EnglishName, ...]
    people: tuple[_EnglishName, ...]
    division: tuple[_EnglishName, ...]
    ending: tuple[_EnglishName, ...]
    topic: tuple[_EnglishName, ...]
    term: tuple[_EnglishTerm, ...]


class _HtmlRules(TypedDict):
    silent: tuple[str, ...]
    aside: tuple[str, ...]
    closed: tuple[str, ...]
    block: tuple[str, ...]
    meta: dict[str, str]


class _BreakRule(_Label):
    source: str
    between_forms: NotRequired[bool]
    first_year: NotRequired[int]
    tables: NotRequired[tuple[str, ...]]


class _MeasureRule(_Label):
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula_zh: str
    formula_en: str
    source: str


class _NoticeRule(TypedDict):
    severity: Literal["error", "warning", "info"]
    zh: str
    en: str


class _FormRule(_Label):
    first_year: int
    last_year: NotRequired[int]
    source: str


class _YearOverYearRule(TypedDict):
    """Figures by name with their signs: the sum of `before` in one report equals that of `after` in the next."""

    zh: str
    en: str
    before: dict[str, int]
    after: dict[str, int]


class _FormRules(TypedDict):
    form: list[_FormRule]
    year_over_year: list[_YearOverYearRule]


class _Names(TypedDict):
    zh: str
    en: str


class _SpanRule(_Names):
    """A heading above several columns."""

    columns: list[str]


class _EntryRule(TypedDict):
    """A row, a column or a group of a statutory table; a group has no code."""

    code: NotRequired[str]
    zh: str
    en: str
    match: NotRequired[Pattern]
    within: NotRequired[Pattern]
    sure: NotRequired[Pattern]
    above: NotRequired[list[str]]
    form: NotRequired[str]
    unit: NotRequired[str]
    columns: NotRequired[dict[str, list[str]]]
    names: NotRequired[list[str]]
    printed: NotRequired[dict[str, str]]
    part: NotRequired[_Names]
    untitled: NotRequired[bool]
    splits: NotRequired[bool]
    top: NotRequired[bool]
    weak: NotRequired[bool]
    counts_in: NotRequired[str]
    counts_as: NotRequired[str]


class _IdentityRule(_Label):
    along: Literal["columns", "rows"]
    left: NotRequired[list[str]]
    left_from: NotRequired[str]
    left_until: NotRequired[str]
    right: list[str]


class _DerivedRule(_Label):
    parts: tuple[str, ...]


class _SeriesStep(_Names):
    figures: tuple[str, ...]
    forms: tuple[str, ...]


class _SeriesRule(_Label):
    step: tuple[_SeriesStep, ...]


class _TableRules(_Label):
    section: str
    layout: Literal["rows", "values", "items", "list"]
    forms: NotRequired[list[str]]
    starts: list[Pattern]
    ends: NotRequired[Pattern]
    again: NotRequired[Pattern]
    item: NotRequired[Pattern]
    unit: NotRequired[Pattern]
    unit_header: NotRequired[Pattern]
    head: NotRequired[Pattern]
    counted: NotRequired[Pattern]
    number: NotRequired[Pattern]
    labels: NotRequired[list[str]]
    units: NotRequired[list[str]]
    column: list[_EntryRule]
    row: list[_EntryRule]
    group: NotRequired[list[_EntryRule]]
    span: NotRequired[list[_SpanRule]]
    identity: NotRequired[list[_IdentityRule]]
    derived: NotRequired[list[_DerivedRule]]


def _rows(key: str, rule: type) -> Any:
    """The type of a file that consists of rows under one key."""
    return TypedDict(key, {key: tuple[rule, ...]})  # type: ignore[operator, valid-type]


SCHEMAS: Mapping[str, Any] = {
    "agencies.toml": _AgencyRules,
    "agency_mentions.toml": _MentionRules,
    "agency_names.toml": _NameRules,
    "agency_search.toml": _AgencySearchRules,
    "boilerplate.toml": _rows("boilerplate", _ReasonedRule),
    "breaks.toml": _rows("break", _BreakRule),
    "dates.toml": _rows("statement", CapturingRule),
    "document_types.toml": _DocumentTypes,
    "english.toml": _EnglishRules,
    "headings.toml": _HeadingRules,
    "html.toml": _HtmlRules,
    "injected.toml": _rows("injected", _ReasonedRule),
    "lines.toml": _rows("line", CodedRule),
    "measures.toml": _rows("measure", _MeasureRule),
    "notices.toml": dict[str, _NoticeRule],
    "place_readings.toml": _rows("reading", _PlaceReading),
    "prose.toml": _ProseRules,
    "quality.toml": _rows("repetitive", _RepetitiveRule),
    "resegment.toml": _rows("table", CodedRule),
    "sections.toml": _SectionRules,
    "series.toml": _rows("series", _SeriesRule),
    "titles.toml": _TitleRules,
    "forms/forms.toml": _FormRules,
    **{f"forms/{table}.toml": _TableRules for table in ("indicators", "proactive", "requests", "review", "statistics")},
}
"""The type of each file."""
