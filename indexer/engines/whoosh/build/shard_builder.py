"""Builds one shard: each section is an entry in every column, in the order of the reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.model import UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME, Agency, Name, Report, Section
from archive.store.listing import ListedReport
from archive.text.normalize import normal_form
from indexer.engines.whoosh.build.content_hash import report_hash, write_contents
from indexer.engines.whoosh.build.shards import write_digests
from indexer.engines.whoosh.build.token_reuse import ReusedTokens, ReusingTokenizer
from indexer.engines.whoosh.build.writers import ColumnsWriter, FacetsWriter, FiguresWriter
from indexer.engines.whoosh.columns.bigrams import write_bigrams
from indexer.engines.whoosh.columns.postings import PostingsWriter
from indexer.engines.whoosh.columns.records import SectionRecord
from indexer.engines.whoosh.columns.tokens import write_tokens
from indexer.query.fields import FIELDS
from indexer.text.keywords import Frequencies, KeywordCounts
from indexer.text.tokenizer import Tokenizer, is_word

HEADING_WEIGHT = 3
"""The weight of an occurrence in a heading in the ranking."""

COUNTS, KEYWORDS = "counts.json", "keywords.json"


@dataclass(frozen=True, slots=True)
class Job:
    """The input for one shard; `agencies` are those of its reports."""

    directory: Path
    reports: Sequence[ListedReport]
    agencies: Mapping[str, Agency]
    kept: ReusedTokens


def build_shard(job: Job) -> None:
    """Writes a shard, without its keywords, into a new directory."""
    job.directory.mkdir()
    words = Tokenizer()
    counts, figures = KeywordCounts(), FiguresWriter()
    contents = []
    postings = PostingsWriter(job.directory / "words")
    cutter = ReusingTokenizer(words, job.kept)
    section_number = 0
    with ColumnsWriter(job.directory) as columns:
        for number, listed in enumerate(job.reports):
            report = listed.read()
            contents.append(report_hash(report))
            agency = job.agencies[report.agency]
            counted = []
            for section, (text, cells) in zip(report.sections, cutter.cut(listed.digest, report), strict=True):
                found = text.words()
                counted.append(found)
                postings.add(_weights(found, section.heading, words), _weights(cells.words(), None, words))
                columns.add(number, _record(report, section, agency.name), text, cells)
                for field in FIELDS.values():
                    for value in field.values(report, section, agency) if field.values else ():
                        columns.value(field.name, section_number, value)
                section_number += 1
            counts.add_report(counted)
            figures.add(report)
    write_bigrams(job.directory)
    write_tokens(job.directory)
    figures.write(job.directory)
    postings.commit()
    counts.write(job.directory / COUNTS)
    write_digests(job.directory, job.reports)
    write_contents(job.directory, contents)


def write_keywords(shard: Path, frequencies: Frequencies) -> None:
    """Writes the keywords of a shard, weighted with the frequencies of the whole archive."""
    facets = FacetsWriter()
    for section, keywords in enumerate(KeywordCounts.read(shard / COUNTS).keywords(frequencies)):
        for keyword in keywords:
            facets.add("keyword", section, keyword)
    for name in (KEYWORDS, "keyword.facet"):
        (shard / name).unlink(missing_ok=True)  # the file may be linked into another index
    facets.write(shard / KEYWORDS)


def read_agencies(path: Path) -> dict[str, Agency]:
    """Returns the agencies of a file by id, with their names."""
    rows: list[list[str]] = json.loads(path.read_text("utf-8"))
    return {id_: Agency(id_, name, tuple(map(Name, names))) for id_, name, *names in rows}


def write_agencies(path: Path, agencies: Iterator[Agency]) -> None:
    rows = [[agency.id, *_names(agency.name, *(name.text for name in agency.names))] for agency in agencies]
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def unlisted_agency(report: Report) -> Agency:
    """Returns the agency of a report that no list has, from the names in the report itself."""
    if report.agency == UNKNOWN_AGENCY:  # a name in one of these reports is not that of the others
        return Agency(report.agency, UNKNOWN_AGENCY_NAME, (Name(UNKNOWN_AGENCY_NAME),))
    shown, *names = _names(report.agency_name or report.agency_as_printed or report.agency, report.agency_as_printed)
    return Agency(report.agency, shown, tuple(map(Name, names)))


def _names(shown: str, *names: str | None) -> list[str]:
    """Returns the displayed name, then each different name, the displayed one included."""
    return [shown, *dict.fromkeys(filter(None, (shown, *names)))]


def _weights(found: Counter[str], heading: str | None, words: Tokenizer) -> Counter[str]:
    """Returns the weight of each word, and of each part of a word, in a section; more in its heading."""
    weights: Counter[str] = Counter()
    for word, count in found.items():
        for part in words.parts(word):
            weights[part] += count
    if heading:
        for word in filter(is_word, words.cut(normal_form(heading))):
            for part in words.parts(word):
                if part in weights:  # alone, a heading may be segmented differently than inside its text
                    weights[part] += HEADING_WEIGHT - 1
    return weights


def _record(report: Report, section: Section, agency_name: str) -> SectionRecord:
    return SectionRecord(
        agency=report.agency,
        agency_name=agency_name,
        key=report.key,
        year=report.year,
        section=section.code,
        anchor=section.anchor,
        heading=section.heading,
        title=report.title,
    )
