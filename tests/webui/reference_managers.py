"""What a reference manager extracts from a page: the rules of Zotero for meta tags and COinS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup

Item = dict[str, Any]

# Each name wins over those before it: a page with any of the latter is no plain report.
_KINDS = {
    "citation_title": "article",
    "citation_technical_report_institution": "report",
    "citation_book_title": "chapter",
}
_TAGS = {
    "citation_title": "title",
    "citation_book_title": "container",
    "citation_publication_date": "date",
    "citation_technical_report_institution": "publisher",
    "citation_publisher": "publisher",
    "citation_language": "language",
    "citation_public_url": "url",
}
_GENRES = {"report": "report", "bookitem": "chapter"}
_KEYS = {"rft.pub": "publisher", "rft.date": "date", "rft.language": "language", "rft_id": "url", "rft.atitle": "title"}


def from_meta(page: BeautifulSoup) -> Item:
    """The item of the Highwire tags: only those in the head count, and of a name that is there twice the first."""
    tags = [(str(tag["name"]), str(tag["content"])) for tag in page.select("head > meta[name][content]")]
    names = {name for name, _ in tags}
    kinds = [kind for name, kind in _KINDS.items() if name in names]
    item: Item = {"type": kinds[-1] if kinds else None}
    for name, content in tags:
        if name in _TAGS and content.strip():
            item.setdefault(_TAGS[name], " ".join(content.split()))
    given = [content for name, content in tags if name == "citation_author"]
    item["authors"] = [name for content in given for name in _people(content)]
    return _dated(item)


def _people(content: str) -> Iterator[tuple[str, str]]:
    """Persons, given name and family name: a semicolon parts two, a comma one from its given name, a blank does too."""
    for name in filter(None, re.split(r"\s*;\s*", content.strip())):
        family, comma, given = name.partition(",")
        if not comma:
            given, _, family = name.rpartition(" ")
        yield given.strip(), family.strip()


def from_coins(page: BeautifulSoup) -> Item:
    """The item of the one ContextObject: pairs cut at & and =, then decoded, where + and an encoded + are blanks."""
    (span,) = page.select("span.Z3988[title]")
    pairs = [pair.split("=") for pair in str(span["title"]).split("&")]
    assert all(len(pair) == 2 for pair in pairs), "an = or & that is not encoded cuts a value short"
    given = [(key, unquote(re.sub(r"\+|%2[bB]", " ", value), errors="strict")) for key, value in pairs]
    fields = dict(given)
    assert (fields["ctx_ver"], fields["rft_val_fmt"]) == ("Z39.88-2004", "info:ofi/fmt:kev:mtx:book")
    item: Item = {"type": _GENRES.get(fields["rft.genre"], "book"), "authors": []}
    for key, value in given:
        if key in _KEYS and (key != "rft_id" or value.startswith(("http://", "https://"))):
            item[_KEYS[key]] = value
        elif key in ("rft.btitle", "rft.title"):
            item["container" if item["type"] == "chapter" else "title"] = value
        elif key == "rft.aucorp":  # an institution; rft.au would be a person
            item["authors"].append(("", value))
        elif key == "rft.au":
            item["authors"] += _people(value)
    return _dated(item)


def _dated(item: Item) -> Item:
    """With the date, if any, as its parts: 2020, 2020/01/28, 2020-01-28."""
    return item | ({"date": [int(part) for part in re.split("[-/]", item["date"])]} if "date" in item else {})
