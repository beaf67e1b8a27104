"""Queries made from what an archive says, for hypothesis to draw: every kind of node, in every combination."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from hypothesis import strategies as st

from archive.model import Report
from archive.text.normalize import normal_form
from indexer.query.ast import (
    And,
    Condition,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Word,
    YearRange,
)
from indexer.query.fields import FIELDS, UNDATED
from indexer.query.values import in_field
from indexer.text.keywords import may_be_keyword
from indexer.text.tokenizer import Tokenizer

FIGURES = ("requests.new.total", "requests.granted.total", "prose.requests_received")
MARKS = r'["”」』’＂*?\\]'
"""What a backslash takes as it stands in a quotation."""
WIDE_SIGNS = {"=": "＝", ">": "＞", "<": "＜", ">=": "≥", "<=": "≤"}
LAYOUT_BLANK = re.compile(r"(?<=[一-龥])(?=[A-Za-z0-9“”])|(?<=[A-Za-z0-9“”])(?=[一-龥])|(?=%)")
"""Where a query may have a blank that a text does not have."""
LOOK_ALIKES = str.maketrans("不更博况", "\uf967\uf901\U0002f82e\U0002f81b")
"""Compatibility ideographs."""
Filters = dict[str, tuple[str, ...]]


def paragraphs_of(reports: Collection[Report]) -> list[str]:
    """Every paragraph and every cell, as search sees it."""
    sections = [section for report in reports for section in report.sections]
    cells = [cell.text for section in sections for table in section.tables for cell in table.cells()]
    return [*filter(None, (*(part for each in sections for part in each.text.split("\n")), *cells))]


def pieces(paragraphs: Sequence[str]) -> st.SearchStrategy[str]:
    """A piece of a paragraph as it stands."""

    @st.composite
    def piece(draw: st.DrawFn) -> str:
        paragraph = paragraphs[draw(st.integers(0, len(paragraphs) - 1))]
        start = draw(st.integers(0, len(paragraph) - 1))
        return paragraph[start : start + draw(st.integers(1, 9))].strip() or paragraph[:1]

    return piece()


def phrases_with_gaps(paragraphs: Sequence[str]) -> st.SearchStrategy[Gapped]:
    """A piece of a paragraph with gaps in it, or one that stands nowhere."""
    some, long = pieces(paragraphs), [each for each in paragraphs if len(each) > 4]

    @st.composite
    def gapped(draw: st.DrawFn) -> Gapped:
        left, right = draw(some), draw(some)
        if long and draw(st.booleans()):
            paragraph = long[draw(st.integers(0, len(long) - 1))]
            start = draw(st.integers(0, len(paragraph) - 3))
            middle = draw(st.integers(start + 1, len(paragraph) - 2))
            left, right = paragraph[start].strip() or "公", paragraph[middle + 1 : middle + 3].strip() or "开"
        ends = draw(st.sampled_from(["", "", "", "?", "??"]))
        gap = draw(st.sampled_from(["*", "*", "?", "??", "*?", "**"]))
        if ends and draw(st.booleans()):
            return Gapped(("", left, right), (ends, gap))
        return Gapped((left, right, ""), (gap, ends)) if ends else Gapped((left, right), (gap,))

    return gapped()


def values_of(reports: Collection[Report], places: Collection[str]) -> dict[str, list[str]]:
    """For each field what may be asked of it, as one types it: what the reports have, and what none has."""
    years = sorted({report.year for report in reports if report.year})
    codes = sorted(
        {code for report in reports for section in report.sections for code in (section.code, *section.also)}
    )
    names = sorted({report.agency_name for report in reports if report.agency_name})
    words = {word for text in paragraphs_of(reports) for word in Tokenizer().cut(normal_form(text))}
    values = {
        "year": [*map(str, years), UNDATED, "1999", *(f"{year}.." for year in years), *(f"..{year}" for year in years)],
        "section": [*codes, "plan"],
        "agency": [*sorted({report.agency for report in reports}), *names, *(name[:3] for name in names), "火星"],
        "place": [*places, "火星"],
        "keyword": [*sorted(filter(may_be_keyword, words)), "火星"],
    }
    closed = {name: field.codes() for name, field in FIELDS.items() if field.codes and name not in values}
    values |= {name: [*codes] for name, codes in closed.items()}
    values["year"] += [f"{first}..{last}" for first in years for last in years if first <= last]
    for name in ("section", *closed):  # a code, or its label
        values[name] += [FIELDS[name].value_label(value, "zh") for value in values[name]]
    return values


def filters(reports: Collection[Report], places: Collection[str]) -> st.SearchStrategy[Filters]:
    """Filters beside a query: any fields, of each one or several values."""
    values = values_of(reports, places)
    some = {name: st.lists(st.sampled_from(values[name]), max_size=3).map(tuple) for name in FIELDS}
    none = st.just(dict[str, tuple[str, ...]]())
    one = st.sampled_from([*FIELDS]).flatmap(lambda name: st.fixed_dictionaries({name: some[name]}))
    return none | one | st.fixed_dictionaries({}, optional=some)


def fields(reports: Collection[Report], places: Collection[str]) -> st.SearchStrategy[YearRange | In]:
    """Fields inside a query."""
    values = values_of(reports, places)
    return st.sampled_from([*FIELDS]).flatmap(
        lambda name: st.sampled_from(values[name]).map(lambda value: in_field(FIELDS[name], value))
    )


def queries(reports: Collection[Report], places: Collection[str]) -> st.SearchStrategy[Query]:
    """Whole queries: trees of leaves that the reports may answer, under every option."""
    paragraphs = paragraphs_of(reports) or ["公开"]
    some, gapped = pieces(paragraphs), phrases_with_gaps(paragraphs)
    plain = some.map(lambda piece: "".join(filter(str.isalnum, piece))).filter(bool)
    exact = st.one_of(some.map(Phrase), gapped, plain.map(lambda text: Phrase(text[:2])), plain.map(Word))
    sides = st.lists(exact, min_size=1, max_size=2, unique=True).map(tuple)
    leaves: st.SearchStrategy[Query] = st.one_of(
        gapped,
        st.builds(Near, sides, st.integers(0, 30), sides),
        st.builds(
            Condition,
            st.sampled_from(FIGURES),
            st.sampled_from(["=", ">", "<", ">=", "<="]),
            st.sampled_from([Decimal(number) for number in ("0", "4", "5", "9.5", "10", "12")]),
        ),
        some.map(Phrase),
        some.map(Word),
        plain.map(Term),
        st.tuples(plain, plain).map("".join).map(Term),
        st.tuples(plain, plain).map("".join).map(Phrase),
        fields(reports, places),
    )
    trees: st.SearchStrategy[Query] = st.recursive(
        leaves,
        lambda parts: st.one_of(
            parts.map(Not),
            st.lists(parts, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(parts, min_size=2, max_size=3).map(tuple).map(Or),
        ),
        max_leaves=6,
    )
    return st.one_of(
        trees,
        st.builds(Scope, trees, st.sampled_from(["tables", "all"])),
        st.builds(Scope, trees, st.sampled_from(["text", "tables", "all"]), st.just("report")),
    )


@st.composite
def typed(draw: st.DrawFn, tree: Query) -> str:
    """A query that says this, in one of the ways in which a person writes it."""

    def one_of(*ways: str) -> str:
        return draw(st.sampled_from(ways))

    def inside(part: Query) -> str:
        return one_of("({})", "（{}）").format(said(part)) if isinstance(part, And | Or) else said(part)

    def said(node: Query) -> str:
        match node:
            case Phrase(text):
                quoted = one_of('"{}"', "“{}”", "「{}」", "『{}』", "‘{}’", "＂{}＂")
                spaced = one_of(text, LAYOUT_BLANK.sub(" ", text), text.translate(LOOK_ALIKES))
                return quoted.format(re.sub(MARKS, r"\\\g<0>", spaced))
            case In() | YearRange():
                name, _, value = str(node).partition(":")
                return one_of(name, name.upper(), FIELDS[name].alias) + one_of(":", "：") + value
            case Condition(figure, sign, number):
                return one_of("{}{}{}", "{} {} {}").format(figure, one_of(sign, WIDE_SIGNS[sign]), number)
            case Not(part):
                return one_of("NOT ", "ＮＯＴ ", "-", "－") + inside(part)
            case And(parts):
                return one_of(" ", "　", " AND ", " ＡＮＤ ").join(map(inside, parts))
            case Or(parts):
                return one_of(" OR ", " ＯＲ ").join(map(inside, parts))
            case Scope(part, where, unit):
                options = [str(Scope(MatchAll(), where)), str(Scope(MatchAll(), unit=unit))]
                return " ".join(draw(st.permutations([*filter(None, options), inside(part)])))
            case _:
                return str(node)

    return said(tree)
