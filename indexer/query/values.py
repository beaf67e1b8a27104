"""Resolves the value of a field, in a query or in a filter, to values of the archive."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Mapping, Sequence

from cachetools import LRUCache

from archive.agencies.name_search import AgencySearch
from archive.agencies.regions import meant_places
from archive.model import Agency
from archive.text.normalize import normal_form
from indexer.query.ast import In, YearRange
from indexer.query.fields import FIELDS, UNDATED, Field
from indexer.query.query_errors import QueryError, query_error, unknown_code, unknown_filter
from indexer.query.request import Request


def in_field(field: Field, value: str, position: int = 0) -> YearRange | In:
    """Returns the node of a field and its value.

    Raises:
        QueryError: if the field has no such value.
    """
    if field.name == "year":
        return In("year", UNDATED) if normal_form(value) == UNDATED else years(value, position)
    if field.codes is None:
        return In(field.name, value)
    code = field.code_of(value)
    if code is None:
        raise unknown_code(position, field, value)
    return In(field.name, code)


def restrictions(request: Request) -> dict[str, tuple[YearRange | In, ...]]:
    """Returns the filters of a request as nodes: the alternatives of each field.

    Raises:
        FilterError: if there is no such field or value.
    """
    nodes: dict[str, tuple[YearRange | In, ...]] = {}
    for name, values in request.filters.items():
        field = FIELDS.get(name)
        if field is None:
            raise unknown_filter(name)
        try:
            nodes[name] = tuple(in_field(field, value) for value in values)
        except QueryError as error:
            raise error.in_filter(name) from None
    if request.years is not None and request.years != (None, None):
        nodes["year"] = (*nodes.get("year", ()), YearRange(*request.years))
    return {name: nodes[name] for name in FIELDS if nodes.get(name)}


def values_meant(
    node: YearRange | In, known: Collection[int | str | None], agencies: Mapping[str, Agency]
) -> Sequence[int | str | None]:
    """Returns the values of a field that a node means, of those in the archive; empty if it has none of them."""
    match node:
        case YearRange():
            return [year for year in known if node.holds(year)]
        case In("year", _):
            wanted: Sequence[int | str | None] = [None]
        case In("agency", name):
            wanted = [agency.id for agency in agencies_meant(agencies, name)]
        case In("place", name):
            wanted = meant_places([str(value) for value in known], name)
        case In(_, name):
            wanted = [normal_form(name)]
    return [value for value in wanted if value in known]


def agencies_meant(agencies: Mapping[str, Agency], name: str) -> tuple[Agency, ...]:
    """Returns the agency with that id, else those with it in a name, else those of a shortened name or pinyin.

    A name is not taken as a shortened one while an agency has it as it stands.
    """
    form = normal_form(name)
    matches = tuple(match.agency for match in _search(agencies).find(name))
    by_id = tuple(agency for agency in matches if agency.id == name)
    by_name = tuple(agency for agency in matches if any(form in normal_form(each.text) for each in agency.names))
    return by_id or by_name or matches


_PREPARED = LRUCache[int, tuple[Mapping[str, Agency], AgencySearch]](8)
"""By the identity of the mapping, which is kept with it: a process has as many indexes open (`indexer.index`)."""
_LOCK = threading.Lock()


def _search(agencies: Mapping[str, Agency]) -> AgencySearch:
    """The names of the agencies of an index. They are prepared once, as a query can name many agencies."""
    with _LOCK:
        found = _PREPARED.get(id(agencies))
    if found is None:
        found = agencies, AgencySearch(agencies.values())
        with _LOCK:
            _PREPARED[id(agencies)] = found
    return found[1]


# '2014..2018', '2014..', '..2016'
_RANGE = re.compile(r"(?P<first>\d{4})?\.\.(?P<last>\d{4})?")
# The mark in '2014-2018', which the range has two dots for.
_HYPHEN = re.compile(r"(?<=^[0-9]{4})[-~至](?=[0-9]{4}$)")


def years(value: str, position: int = 0) -> YearRange:
    """Parses `2016`, `2014..2018`, `2014..` or `..2016`.

    Raises:
        QueryError: for any other text.
    """
    form = normal_form(value)
    if re.fullmatch(r"[0-9]{4}", form):
        return YearRange(int(form), int(form))
    match = _RANGE.fullmatch(form)
    if match is None or form == "..":
        error = query_error("bad_year", position, value=value)
        raise error.replacing(value, "..".join(_HYPHEN.split(form))) if _HYPHEN.search(form) else error
    first, last = (int(end) if end else None for end in match.groups())
    if first is not None and last is not None and first > last:
        raise query_error("reversed_years", position, first=first, last=last)
    return YearRange(first, last)
