"""Makes references to reports with their URLs on this site."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from flask import url_for

from archive.errors import Language
from archive.export.citations import STYLES, Citation, Style, cite
from archive.export.provenance import data_version
from archive.model import Report, Section
from webui.data_access import revision

TO_READ = ("gbt-2025.txt", "gbt-2015.txt")
"""Styles that are shown as text; the others are files for reference managers."""
FILES = tuple(style for suffix, style in STYLES.items() if suffix not in TO_READ)


def citation_of(report: Report, section: Section | None = None, read_from: str | None = None) -> Citation:
    """The reference to a report or one of its sections. Its URL is the Chinese one in every language."""
    address = url_for("zh.reports.page", agency=report.agency, key=report.key, _external=True)
    return cite(report, address, read_from or state_of_catalogue(), date.today(), section)


def state_of_catalogue(language: Language = "en") -> str:
    """The data version of the catalogue; references and the API give it in English."""
    return data_version(revision(), language)


def to_read(citation: Citation) -> list[tuple[Style, str]]:
    """The references that are shown as text, each with its style."""
    chosen = [STYLES[suffix] for suffix in TO_READ]
    return [(style, "".join(style.write([citation], citation.as_of)).strip()) for style in chosen]


def section_addresses() -> Callable[[str, str, str], str]:
    """Returns a function from agency, key and anchor to the full URL of a section.

    `url_for` takes longer than all else of a row of an export.
    """
    root = url_for("zh.reports.page", agency="a", key="0", _external=True).removesuffix("a/0")
    quoted = functools.cache(functools.partial(quote, safe=""))
    anchored = functools.cache(functools.partial(quote, safe="-"))
    return lambda agency, key, anchor: f"{root}{quoted(agency)}/{quoted(key)}#{anchored(anchor)}"
