"""Loads the rules of `archive/rules/`; refuses unknown keys, values of another type and invalid patterns."""

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal, NewType, NotRequired, TypedDict

from cattrs import BaseValidationError, Converter, transform_error
from cattrs.errors import ForbiddenExtraKeysError

Pattern = re.Pattern[str]
# A regular expression that its reader compiles; checked when it is loaded.
_Regex = NewType("_Regex", str)

# `reads` are lines that the pattern matches, `not` lines that it must not match.
PatternRule = TypedDict(
    "PatternRule", {"pattern": Pattern, "reads": tuple[str, ...], "not": NotRequired[tuple[str, ...]]}
)


class InvalidRulesError(ValueError):
    """A file of rules has an unknown or missing key, a value of another type or an invalid pattern."""


class _ReasonedRule(PatternRule):
    reason: str


class CodedRule(PatternRule):
    """A pattern that gives a code to what it matches."""

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


class _BoilerplateRules(TypedDict):
    boilerplate: tuple[_ReasonedRule, ...]


_RepetitiveRule = TypedDict(
    "_RepetitiveRule",
    {"characters": int, "times_smaller": int, "reads": tuple[str, ...], "not": tuple[str, ...], "reason": str},
)


class _QualityRules(TypedDict):
    repetitive: tuple[_RepetitiveRule, ...]


class _InjectedRules(TypedDict):
    injected: tuple[_ReasonedRule, ...]


class Preamble(_ReasonedRule):
    """A sentence that opens a report; a `weak` one occurs in news about reports as well."""

    weak: NotRequired[bool]


class _OwnSection(TypedDict):
    codes: tuple[str, ...]
    reason: str


class _HeadingRules(TypedDict):
    preamble: tuple[Preamble, ...]
    own_section: tuple[_OwnSection, ...]


class _OtherDocument(PatternRule):
    among: Literal["titles", "head", "headings"]
    zh: str
    en: str
    hands_out: NotRequired[bool]
    untitled: NotRequired[bool]


class _DocumentTypes(TypedDict):
    other: tuple[_OtherDocument, ...]
    sign: tuple[CodedRule, ...]


class _TitleRules(TypedDict):
    not_in_title: tuple[str, ...]
    subject: PatternRule
    aside: tuple[_ReasonedRule, ...]


# `reads` are lines with what the pattern's group has in them.
CapturingRule = TypedDict(
    "CapturingRule",
    {"code": str, "pattern": Pattern, "reads": dict[str, str], "not": tuple[str, ...], "reason": str},
)


class _MentionRules(TypedDict):
    labels: tuple[str, ...]
    office: PatternRule
    mention: tuple[CapturingRule, ...]


class _DateRules(TypedDict):
    statement: tuple[CapturingRule, ...]


# `reads` are sentences with the value that the group `n` of the pattern has in them.
FigureRule = TypedDict(
    "FigureRule",
    {
        "row": str,
        "zh": str,
        "en": str,
        "unit": str,
        "pattern": Pattern,
        "reads": dict[str, str],
        "not": tuple[str, ...],
        "cell": NotRequired[str],
    },
)


class _ProseRules(TypedDict):
    figure: tuple[FigureRule, ...]


class _AgencyName(TypedDict):
    text: str
    first_year: NotRequired[int]
    last_year: NotRequired[int]


class _NamedAgency(TypedDict):
    id: str
    place: str
    reason: str
    names: tuple[_AgencyName, ...]


class _AgencyRules(TypedDict):
    endings: tuple[str, ...]
    not_names: tuple[str, ...]
    not_first: tuple[str, ...]
    superiors: tuple[str, ...]
    vague: PatternRule
    vague_township: PatternRule
    vague_districts: tuple[str, ...]
    own_outline: tuple[str, ...]
    level: tuple[_Label, ...]
    kind: tuple[_Label, ...]
    levels: tuple[CodedRule, ...]
    kinds: tuple[CodedRule, ...]
    agency: tuple[_NamedAgency, ...]


class _ResegmentRules(TypedDict):
    endings: tuple[str, ...]
    joining: tuple[str, ...]
    table: tuple[CodedRule, ...]


class _HtmlRules(TypedDict):
    silent: tuple[str, ...]
    aside: tuple[str, ...]
    block: tuple[str, ...]
    meta: dict[str, str]


class _BreakRule(_Label):
    source: str
    between_forms: NotRequired[bool]
    first_year: NotRequired[int]
    tables: NotRequired[list[str]]


class _MeasureRule(_Label):
    numerator: list[str]
    denominator: list[str]
    formula_zh: str
    formula_en: str
    source: str


class _MeasureRules(TypedDict):
    measure: list[_MeasureRule]


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


class _EntryRule(TypedDict):
    """A row, a column or a group of a statutory table; a group has no code."""

    code: NotRequired[str]
    zh: str
    en: str
    match: NotRequired[_Regex]
    within: NotRequired[_Regex]
    sure: NotRequired[_Regex]
    form: NotRequired[str]
    unit: NotRequired[str]
    columns: NotRequired[dict[str, list[str]]]
    printed: NotRequired[dict[str, str]]
    splits: NotRequired[bool]
    top: NotRequired[bool]
    weak: NotRequired[bool]


class _IdentityRule(_Label):
    along: Literal["columns", "rows"]
    left: NotRequired[list[str]]
    left_from: NotRequired[str]
    left_until: NotRequired[str]
    right: list[str]


class _TableRules(_Label):
    section: str
    layout: Literal["rows", "values", "items", "list"]
    forms: NotRequired[list[str]]
    starts: list[_Regex]
    ends: NotRequired[_Regex]
    again: NotRequired[_Regex]
    item: NotRequired[_Regex]
    unit: NotRequired[_Regex]
    unit_header: NotRequired[_Regex]
    head: NotRequired[_Regex]
    counted: NotRequired[_Regex]
    labels: NotRequired[list[str]]
    units: NotRequired[list[str]]
    column: list[_EntryRule]
    row: list[_EntryRule]
    group: NotRequired[list[_EntryRule]]
    identity: NotRequired[list[_IdentityRule]]


_BreakRules = TypedDict("_BreakRules", {"break": list[_BreakRule]})

SCHEMAS: Mapping[str, Any] = {
    "agencies.toml": _AgencyRules,
    "agency_mentions.toml": _MentionRules,
    "boilerplate.toml": _BoilerplateRules,
    "breaks.toml": _BreakRules,
    "dates.toml": _DateRules,
    "document_types.toml": _DocumentTypes,
    "headings.toml": _HeadingRules,
    "html.toml": _HtmlRules,
    "injected.toml": _InjectedRules,
    "measures.toml": _MeasureRules,
    "notices.toml": dict[str, _NoticeRule],
    "prose.toml": _ProseRules,
    "quality.toml": _QualityRules,
    "resegment.toml": _ResegmentRules,
    "sections.toml": _SectionRules,
    "titles.toml": _TitleRules,
    "forms/forms.toml": _FormRules,
    "forms/indicators.toml": _TableRules,
    "forms/proactive.toml": _TableRules,
    "forms/requests.toml": _TableRules,
    "forms/review.toml": _TableRules,
    "forms/statistics.toml": _TableRules,
}
"""The type of each file."""


@functools.cache
def rulebook(name: str) -> dict[str, Any]:
    """A file of rules, with each `pattern` compiled.

    Raises:
        FileNotFoundError: if the package was installed without it.
        InvalidRulesError: naming the file, the row and the key.
    """
    source = files("archive").joinpath("rules", *name.split("/")).read_text("utf-8")
    return parse_rules(tomllib.loads(source), name)


def parse_rules(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The content of the file `name` as its schema has it."""
    try:
        rules: dict[str, Any] = _converter().structure(content, SCHEMAS[name])
    except BaseValidationError as error:
        raise InvalidRulesError("; ".join(transform_error(error, name, _problem))) from error
    return rules


@functools.cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for primitive in (str, int, bool):
        converter.register_structure_hook(primitive, _exact)
    converter.register_structure_hook(_Regex, lambda source, _: _exact(re.compile(source).pattern, str))
    converter.register_structure_hook_func(lambda kind: kind == Pattern, lambda source, _: re.compile(source))
    return converter


def _exact(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"not of type {kind.__name__}: {value!r}")
    return value


def _problem(error: BaseException, _: type | None) -> str:
    match error:
        case ForbiddenExtraKeysError():
            return f"unknown key {', '.join(sorted(error.extra_fields))}"
        case KeyError():
            return f"missing key {error.args[0]}"
        case _:
            return str(error)
