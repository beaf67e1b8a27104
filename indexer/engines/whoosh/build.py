"""Builds one index from reports: a section is a document, in the order in which the reports come."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import Agency, Name, Report, Section, normal_form
from indexer.engines.whoosh.columns import ColumnsWriter, Record, Value
from indexer.engines.whoosh.figures import FiguresWriter
from indexer.engines.whoosh.pairs import write_pairs
from indexer.engines.whoosh.postings import PostingsWriter
from indexer.engines.whoosh.recut import Cutter
from indexer.keywords import KeywordCounts
from indexer.places import enclosing
from indexer.words import Words, is_word

HEADING_WEIGHT = 3
"""What an occurrence in a heading counts for in the ranking."""


@dataclass(frozen=True, slots=True)
class Built:
    """What an index was built from. `keyword_frequencies` is the hash of those that keywords were weighed with."""

    reports: int
    sections: int
    keyword_frequencies: str


def build(
    directory: Path,
    reports: Iterable[Report],
    agencies: Iterable[Agency],
    words: Words,
    replaced: Path | None = None,
) -> Built:
    """Writes an index into a directory that exists and is empty.

    What stands in the `replaced` index word for word, built with the same dictionary, is not cut again.
    """
    known = {agency.id: agency for agency in agencies}
    counts, figures = KeywordCounts(), FiguresWriter()
    postings = PostingsWriter(directory / "words")
    number, section_number = -1, 0
    with ColumnsWriter(directory / "columns") as columns, Cutter(words, replaced) as cutter:
        for number, (report, cuts) in enumerate(cutter.cut_all(reports)):
            agency = known.setdefault(report.agency, _unlisted(report))
            counted = []
            for section, (text, cells) in zip(report.sections, cuts, strict=True):
                found = text.words()
                counted.append(found)
                postings.add(_weights(found, section.heading, words), _weights(cells.words(), None, words))
                columns.add(number, _record(report, section, agency.name), text, cells)
                for field, value in _values(report, section, agency):
                    columns.value(field, section_number, value)
                section_number += 1
            counts.add_report(counted)
            figures.add(report)
        for place, keywords in enumerate(counts.keywords()):
            for keyword in keywords:
                columns.value("keyword", place, keyword)
    write_pairs(directory / "columns")
    figures.write(directory)
    postings.commit()
    _write_agencies(directory, known.values())
    return Built(number + 1, section_number, counts.frequencies_hash())


def _values(report: Report, section: Section, agency: Agency) -> Iterator[tuple[str, Value]]:
    """What a section can be asked for in fields, but for keywords."""
    yield "year", report.year
    yield "agency", agency.id
    for code in dict.fromkeys((section.code, *section.also)):
        yield "section", code
    for place in enclosing(agency.place or ""):
        yield "place", place
    if report.form is not None:
        yield "form", report.form


def read_agencies(directory: Path) -> dict[str, Agency]:
    """The agencies of an index by id, with their names."""
    rows: list[list[str]] = json.loads((directory / "agencies.json").read_text("utf-8"))
    return {id_: Agency(id_, name, tuple(map(Name, names))) for id_, name, *names in rows}


def _write_agencies(directory: Path, agencies: Iterable[Agency]) -> None:
    rows = [[agency.id, *_names(agency.name, *(name.text for name in agency.names))] for agency in agencies]
    (directory / "agencies.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def _unlisted(report: Report) -> Agency:
    """The agency of a report as far as the report itself names it."""
    shown, *names = _names(report.agency_name or report.agency_as_printed or report.agency, report.agency_as_printed)
    return Agency(report.agency, shown, tuple(map(Name, names)))


def _names(shown: str, *names: str | None) -> list[str]:
    """The name that is shown, then every name once, that one too."""
    return [shown, *dict.fromkeys(filter(None, (shown, *names)))]


def _weights(found: Counter[str], heading: str | None, words: Words) -> Counter[str]:
    """How much each word and each part of one stands in a section; more in its heading."""
    weights: Counter[str] = Counter()
    for word, count in found.items():
        for part in words.parts(word):
            weights[part] += count
    if heading:
        for word in filter(is_word, words.cut(normal_form(heading))):
            for part in words.parts(word):
                if part in weights:  # a heading cut alone may fall into other words than in its text
                    weights[part] += HEADING_WEIGHT - 1
    return weights


def _record(report: Report, section: Section, agency_name: str) -> Record:
    return Record(
        agency=report.agency,
        agency_name=agency_name,
        key=report.key,
        year=report.year,
        section=section.code,
        anchor=section.anchor,
        heading=section.heading,
        title=report.title,
    )
