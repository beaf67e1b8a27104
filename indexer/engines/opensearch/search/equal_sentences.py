"""Groups hits whose occurrences stand in the same sentences, as the embedded engine does (`same_sentences`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from archive.text.normalize import normal_form
from indexer.answers.boundaries import MERGED_MARKS
from indexer.answers.engine import SentenceEntry, SentenceList, SentencePlace
from indexer.engines.opensearch.build.grams import restored
from indexer.engines.opensearch.search.matches import Matches
from indexer.engines.opensearch.search.stored_sections import StoredSection
from indexer.engines.whoosh.search.grouping.same_sentences import MOST_OCCURRENCES, MOST_OTHERS

_STOP = re.compile(f"[{MERGED_MARKS}\n]")


@dataclass
class _SameSentences:
    """The hits with the same sentences; the first of a group that is shown is kept as a whole."""

    size: int = 0
    first: StoredSection | None = None
    reports: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    others: list[SentencePlace] = field(default_factory=list)


def collapse(matches: Matches, sections: Iterable[StoredSection], offset: int, limit: int) -> SentenceList:
    """Returns one page of the groups of all hits, which are given in order."""
    groups: dict[str, _SameSentences] = {}
    shown: list[_SameSentences] = []
    for section in sections:
        key = _key(matches, section)
        if key not in groups:
            groups[key] = _SameSentences()
            if offset < len(groups) <= offset + limit:
                groups[key].first = section
                shown.append(groups[key])
        group = groups[key]
        group.size += 1
        if group.first is None:
            continue
        group.reports.add(str(section.source["report"]))
        if section.year is not None:
            group.years.add(section.year)
        if 1 < group.size <= 1 + MOST_OTHERS:
            group.others.append(_place(section))
    return SentenceList(tuple(_entry(matches, group) for group in shown), len(groups))


def is_repetitive(matches: Matches, sections: Sequence[StoredSection]) -> bool:
    """Returns whether more than half of the hits of a page have the sentences of another one."""
    keys = [_key(matches, section) for section in sections]
    return 2 * sum(keys.count(key) > 1 for key in keys) > len(keys)


def _entry(matches: Matches, group: _SameSentences) -> SentenceEntry:
    assert group.first is not None  # noqa: S101
    return SentenceEntry(
        group.first.hit(matches.texts, matches.scope.where, has_text=matches.has_text),
        reports=len(group.reports),
        first_year=min(group.years, default=None),
        others=tuple(group.others),
        more=max(group.size - 1 - MOST_OTHERS, 0),
    )


def _place(section: StoredSection) -> SentencePlace:
    report, name = str(section.source["report"]), restored(section.source["agency_name"])
    key = report.rpartition("/")[2]
    return SentencePlace(report, section.agency, key, name, section.year, section.source["anchor"])


def _key(matches: Matches, section: StoredSection) -> str:
    """Returns the sentences of a hit, or its address if it is the same as no other."""
    where = matches.scope.where
    form = normal_form(section.text(where))
    heading = 0 if where == "tables" else len(section.heading or "")
    spans = [span for span in section.spans(matches.texts, where, form)[0] if span[0] >= heading]
    if not 0 < len(spans) <= MOST_OCCURRENCES:
        return section.address
    found = []
    for start, end in spans:
        before = max((stop.end() for stop in _STOP.finditer(form, 0, start)), default=0)
        after = next(islice(_STOP.finditer(form, end), 1), None)
        found.append(form[before : after.start() if after else len(form)].strip())
    return "\n".join(dict.fromkeys(found))
