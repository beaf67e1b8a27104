"""Queries made from what an archive says, for hypothesis to draw: every kind of node, in every combination."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from hypothesis import strategies as st

from archive import Report
from indexer.tree import And, Condition, Gapped, In, Near, Not, Or, Phrase, Query, Scope, Term, Word, Years

FIGURES = ("requests.new.total", "requests.granted.total", "prose.requests_received")


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


def queries(reports: Collection[Report], places: Collection[str]) -> st.SearchStrategy[Query]:
    """Whole queries: trees of leaves that the reports may answer, under every option."""
    paragraphs = paragraphs_of(reports) or ["公开"]
    some, gapped = pieces(paragraphs), phrases_with_gaps(paragraphs)
    plain = some.map(lambda piece: "".join(filter(str.isalnum, piece))).filter(bool)
    exact = st.one_of(some.map(Phrase), gapped, plain.map(lambda text: Phrase(text[:2])), plain.map(Word))
    sides = st.lists(exact, min_size=1, max_size=2, unique=True).map(tuple)
    years = sorted({report.year for report in reports if report.year})
    codes = sorted({section.code for report in reports for section in report.sections})
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
        st.sampled_from([*years, 1999]).map(lambda year: Years(year, year)),
        st.sampled_from([*years, 1999]).map(lambda year: Years(None, year)),
        st.just(In("year", "none")),
        st.sampled_from([*codes, "plan"]).map(lambda code: In("section", code)),
        st.sampled_from(sorted({report.agency for report in reports})).map(lambda agency: In("agency", agency)),
        st.sampled_from([*places, "火星"]).map(lambda place: In("place", place)),
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
