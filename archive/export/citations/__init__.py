"""Cites a report or a section: GB/T 7714, RIS, BibTeX, CSL-JSON, OpenURL and Highwire meta tags."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.export.citations.bibtex import bibtex
from archive.export.citations.coins import context_object
from archive.export.citations.csl import csl
from archive.export.citations.gbt7714 import gbt_2015, gbt_2025
from archive.export.citations.highwire import highwire
from archive.export.citations.reference import Citation, cite
from archive.export.citations.ris import ris

__all__ = ["STYLES", "Citation", "Style", "cite", "context_object", "highwire"]


@dataclass(frozen=True, slots=True)
class Style:
    """A format of references. `write` yields a file of references; BibTeX has the data version as a comment."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Iterable[Citation], str], Iterator[str]]


def _lines(write: Callable[[Citation], str]) -> Callable[[Iterable[Citation], str], Iterator[str]]:
    return lambda citations, _as_of: (write(citation) + "\n" for citation in citations)


def _bibliography(citations: Iterable[Citation], as_of: str) -> Iterator[str]:
    yield f"% as of {' '.join(as_of.split())}\n\n"
    yield from map(bibtex, citations)


def _items(citations: Iterable[Citation], _as_of: str) -> Iterator[str]:
    opening = "[\n"
    for citation in citations:
        yield opening + json.dumps(csl(citation), ensure_ascii=False)
        opening = ",\n"
    yield "\n]\n" if opening.startswith(",") else "[]\n"


STYLES: Mapping[str, Style] = {
    style.suffix: style
    for style in (
        Style("GB/T 7714—2025", "gbt-2025.txt", "text/plain", _lines(gbt_2025)),
        Style("GB/T 7714—2015", "gbt-2015.txt", "text/plain", _lines(gbt_2015)),
        Style("RIS", "ris", "application/x-research-info-systems", lambda citations, _as_of: map(ris, citations)),
        Style("BibTeX", "bib", "application/x-bibtex", _bibliography),
        Style("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", _items),
    )
}
"""The formats by the suffix of their files."""
