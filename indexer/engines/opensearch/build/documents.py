"""The documents of an index: one for a report with its figures, one for each section, one for each agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from archive.model import Agency, Name, Report, Section
from archive.text.normalize import normal_form
from indexer.engines.opensearch.build.grams import (
    WEIGHT,
    counted_form,
    gram_row,
    restored,
    single_words,
    spelled,
    storable,
    word_term,
)
from indexer.engines.whoosh.columns.records import identity
from indexer.query.fields import FIELDS
from indexer.text.tokenizer import Tokenizer, is_word

HEADING_WEIGHT = 3
"""The weight of an occurrence in a heading in the ranking, as in the embedded engine."""
REPORT_NUMBER = -1
"""The number of all reports; those of sections count from 0, those of agencies from `AGENCIES`."""
AGENCIES = -(1 << 40)
_SIGNED = 1 << 63

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CutText:
    """A text as cleaned, its normal form, and the pieces of each line."""

    text: str
    form: str
    lines: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str, words: Tokenizer) -> CutText:
        form = normal_form(text)
        return cls(text, form, tuple(tuple(words.cut(line)) for line in form.split("\n")))

    def words(self) -> Counter[str]:
        return Counter(piece for line in self.lines for piece in line if is_word(piece))


@dataclass(frozen=True, slots=True)
class CutSection:
    """A section with its running text and its table cells."""

    section: Section
    text: CutText
    cells: CutText


def cut_sections(report: Report, words: Tokenizer) -> list[CutSection]:
    return [
        CutSection(
            section,
            CutText.of(section.text, words),
            CutText.of("\n".join(cell.text for table in section.tables for cell in table.cells() if cell.text), words),
        )
        for section in report.sections
    ]


def report_document(report: Report, state: Document) -> Document:
    """Returns the document of a report with its figures; the builder keeps its `state` there."""
    figures = [
        {"name": storable(figure.name), "value": float(figure.value)}
        for figure in report.figures
        if figure.value is not None
    ]
    return {**_shared(report), "document": "report", "number": REPORT_NUMBER, "figures": figures, "state": state}


def section_documents(
    report: Report,
    agency: Agency,
    sections: Sequence[CutSection],
    keywords: Sequence[tuple[str, ...]],
    place: int,
    words: Tokenizer,
) -> Iterator[tuple[str, Document]]:
    """Yields the documents of the sections of a report with their ids; `place` is the number of the first."""
    address = f"{report.agency}/{report.key}"
    for number, (cut, chosen) in enumerate(zip(sections, keywords, strict=True)):
        document = {
            **_shared(report),
            **_values(report, cut.section, agency),
            "document": {"name": "section", "parent": address},
            "number": place + number,
            "keyword": chosen,
            **_record(report, cut.section, agency),
            **_terms("text", cut.text, words, cut.section.heading),
            **_terms("cells", cut.cells, words),
            **_heading(cut),
        }
        yield f"{address}#{cut.section.anchor}", document


def agency_document(agency: Agency, number: int) -> Document:
    """Returns the document of an agency with its names; agencies are in the order of their places."""
    names = [*dict.fromkeys(filter(None, (agency.name, *(name.text for name in agency.names))))]
    record = {"id": agency.id, "name": storable(agency.name), "names": [*map(storable, names)]}
    return {"number": AGENCIES + number, "agency_record": record}


def agency_of_document(source: Document) -> Agency:
    record = source["agency_record"]
    return Agency(record["id"], restored(record["name"]), tuple(Name(restored(name)) for name in record["names"]))


def _shared(report: Report) -> Document:
    return {"report": f"{report.agency}/{report.key}", "agency": report.agency, "year": report.year}


def _values(report: Report, section: Section, agency: Agency) -> Mapping[str, Any]:
    """Returns the values of each field, one by itself; a year that is unknown is missing."""
    values = {
        field.name: [value for value in field.values(report, section, agency) if value is not None]
        for field in FIELDS.values()
        if field.values
    }
    return {name: found[0] if len(found) == 1 else found or None for name, found in values.items()}


def _record(report: Report, section: Section, agency: Agency) -> Document:
    address = f"/reports/{report.agency}/{report.key}#{section.anchor}"
    number = identity(address)
    return {
        "identity": number - 2 * _SIGNED if number >= _SIGNED else number,
        "agency_name": storable(agency.name),
        "code": section.code,
        "anchor": section.anchor,
        "heading": None if section.heading is None else storable(section.heading),
        "title": storable(report.title),
    }


def _terms(name: str, cut: CutText, words: Tokenizer, heading: str | None = None) -> Document:
    weights = word_weights(cut.words(), heading, words)
    rows = [gram_row("".join(line), line) for line in cut.lines if line]
    return {
        name: storable(cut.text),
        f"{name}_form": counted_form(cut.form),
        f"{name}_length": utf16_length(cut.form),
        f"{name}_size": len(cut.form) - cut.form.count("\n"),
        f"{name}_grams": rows,
        f"{name}_characters": [spelled("".join(line)) for line in cut.lines if line],
        f"{name}_singles": [single for line in cut.lines if (single := single_words(line))],
        f"{name}_words": " ".join(f"{word_term(word)}{WEIGHT}{weight}" for word, weight in weights.items()),
    }


def _heading(cut: CutSection) -> Document:
    """Returns the terms of the heading, whose words are those of the text that begins with it."""
    left, rows, singles = len(cut.section.heading or ""), list[str](), list[str]()
    length = left
    for line in cut.text.lines:
        ends = accumulate(map(len, line))
        inside = [piece for piece, end in zip(line, ends, strict=True) if end <= left]
        if inside:
            rows.append(gram_row("".join(inside), inside))
            singles.append(single_words(inside))
        left -= sum(map(len, line)) + 1
        if left <= 0:
            break
    form = normal_form(cut.section.heading or "")
    return {
        "heading_length": utf16_length(form) if length else 0,
        "heading_grams": rows,
        "heading_characters": [spelled(line) for line in form.split("\n") if line],
        "heading_singles": [each for each in singles if each],
    }


def word_weights(found: Counter[str], heading: str | None, words: Tokenizer) -> Counter[str]:
    """Returns the weight of each word and of each part of a word; more in the heading."""
    weights: Counter[str] = Counter()
    for word, count in found.items():
        for part in words.parts(word):
            weights[part] += count
    for word in filter(is_word, words.cut(normal_form(heading))) if heading else ():
        for part in words.parts(word):
            if part in weights:  # alone, a heading may be segmented differently than inside its text
                weights[part] += HEADING_WEIGHT - 1
    return weights


def utf16_length(form: str) -> int:
    return len(form) + sum(character > "\uffff" for character in form)
