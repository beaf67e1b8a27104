"""Finds the agencies and years that the words of a query name (朝阳区教育局 2018), with their reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.agencies.name_forms import read_question
from archive.agencies.name_search import AgencyMatch, AgencySearch, is_whole_name
from archive.agencies.name_tolerance import Tolerance
from archive.export.json_types import Count
from archive.rulebook import rulebook
from indexer.query.ast import And, In, MatchAll, Phrase, Query, Term, Word, YearRange

MOST_LISTED = 5
"""Agencies of an answer; `/agencies?q=` lists all."""

# A shorter name beside other words (水务局 漏水) is an ordinary word.
_FEWEST_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class AgencyReports:
    """An agency, with the addresses of its reports (`AGENCY/YEAR`): those of the requested years, then the others.

    `not_held` are requested years without a report. `tolerance` is the difference between the words and its names.
    """

    agency: str
    name: str
    url: str
    tolerance: Tolerance | None
    reports: tuple[str, ...]
    not_held: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NamedAgencies:
    """The first of `total` agencies that `words` name, and the years beside the words."""

    words: str
    years: tuple[int, ...]
    total: Count
    listed: tuple[AgencyReports, ...]

    @property
    def tolerance(self) -> Tolerance | None:
        """The difference between the words and the names, the same for all agencies."""
        return self.listed[0].tolerance


def named_agencies(
    tree: Query, search: AgencySearch, reports: Callable[[str], Sequence[tuple[str, int | None]]]
) -> NamedAgencies | None:
    """Returns the agencies that a query names, None if it names none.

    Plain words name an agency as in `AgencySearch.named`, or one of them does (`named_beside`). Beside quotation marks
    and fields the words have to be a whole name; operators name nothing.

    Args:
        tree: the query.
        search: the agencies.
        reports: the address and the year of each report of an agency.
    """
    parts = tree.parts if isinstance(tree, And) else (tree,)
    if isinstance(tree, MatchAll) or not all(isinstance(part, Term | Phrase | Word | YearRange | In) for part in parts):
        return None
    text = " ".join(part.text for part in parts if isinstance(part, Term | Phrase | Word))
    given = [part.first for part in parts if isinstance(part, YearRange) and part.first == part.last]
    question = read_question(text)
    years = tuple(dict.fromkeys((*question.years, *(year for year in given if year))))
    if all(isinstance(part, Term) for part in parts):
        words, found = plainly_named(text, search)
        if not found and (named := named_beside(tree, search)):
            words, found = named[0].text, (named[1],)
    else:
        words = question.words
        found = tuple(match for match in search.find(words) if is_whole_name(words, match.agency)) if words else ()
    if not found:
        return None
    listed = tuple(
        _with_reports(match, years if words != text.strip() or given else (), reports) for match in found[:MOST_LISTED]
    )
    return NamedAgencies(words, years, len(found), listed)


def plainly_named(text: str, search: AgencySearch) -> tuple[str, tuple[AgencyMatch, ...]]:
    """Returns the words of a text that name agencies, and the agencies: the whole text, else without years."""
    words = read_question(text).words
    whole = search.named(text) if words and words != text else ()
    if whole and whole[0].tolerance is None:
        return text, whole
    return words, search.named(words) if words else ()


def named_beside(tree: Query, search: AgencySearch) -> tuple[Term, AgencyMatch] | None:
    """Returns the plain word that names an agency beside words that do not: 九江市公安局 2019 不予公开.

    It names one agency alone, without a tolerated difference, and ends like the name of one.
    """
    if not isinstance(tree, And):
        return None
    endings = rulebook("agencies.toml")["endings"]
    for part in tree.parts:
        if isinstance(part, Term) and len(part.text) >= _FEWEST_CHARACTERS and part.text.endswith(endings):
            found = search.named(part.text)
            if len(found) == 1 and found[0].tolerance is None:
                return part, found[0]
    return None


def _with_reports(
    match: AgencyMatch, years: Sequence[int], reports: Callable[[str], Sequence[tuple[str, int | None]]]
) -> AgencyReports:
    held = sorted(reports(match.agency.id), key=lambda report: report[1] not in years)
    missing = tuple(year for year in years if year not in {year for _, year in held})
    addresses = tuple(address for address, _ in held)
    agency = match.agency
    return AgencyReports(agency.id, agency.name, f"/agencies/{agency.id}", match.tolerance, addresses, missing)
