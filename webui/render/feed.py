"""Writes the newest hits of a search as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import url_for
from flask_babel import gettext

from archive.model import Source
from indexer.answers.engine import Answer, Hit
from webui.data_access import catalogue, report, sources
from webui.http.i18n import HTML_LANG, language
from webui.params.search_params import SearchParams

ATOM = "http://www.w3.org/2005/Atom"
# Not allowed in XML 1.0: control characters, surrogates, two non-characters.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(answer: Answer, state: SearchParams) -> bytes:
    """The feed. The date of an entry is the time when its page was added to the archive."""
    known = sources({hit.agency for hit in answer.hits})
    kept = [_kept(hit, known[hit.agency].get(hit.key)) for hit in answer.hits]
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": HTML_LANG[language()]})
    arguments = state.at(1).arguments()
    here = url_for(f"{language()}.export.feed", _external=True, **arguments)  # type: ignore[arg-type]
    page = url_for(f"{language()}.search.results", _external=True, **arguments)  # type: ignore[arg-type]
    _add(feed, "id", here)
    _add(feed, "title", gettext("公开：%(query)s", query=state.query) if state.query else gettext("公开：新收录"))
    _add(feed, "subtitle", f"{answer.reading} ({answer.as_of.sentence(language())})")
    _add(feed, "updated", max(kept, default=datetime.fromtimestamp(0, UTC)).isoformat())
    _link(feed, "self", here, "application/atom+xml")
    _link(feed, "alternate", page, "text/html")
    _add(SubElement(feed, "author"), "name", gettext("公开"))
    for hit, when in zip(answer.hits, kept, strict=True):
        _entry(SubElement(feed, "entry"), hit, when)
    document: bytes = tostring(feed, "utf-8", xml_declaration=True)
    return document


def _entry(entry: Element, hit: Hit, when: datetime) -> None:
    address = url_for("zh.reports.page", agency=hit.agency, key=hit.key, _anchor=hit.anchor, _external=True)
    _add(entry, "id", address)
    _add(entry, "title", " · ".join(filter(None, [hit.title, hit.heading])))
    _add(entry, "updated", when.isoformat())
    _link(entry, "alternate", address, "text/html")
    _add(SubElement(entry, "author"), "name", hit.agency_name or gettext("机关不详"))
    _add(entry, "summary", " … ".join(snippet.text for snippet in hit.snippets))


def _kept(hit: Hit, source: Source | None) -> datetime:
    if source is None and (moved := report(hit.agency, hit.key)):  # its agency was joined with another
        source = moved.source
    return catalogue().kept_at(source.sha256) if source else datetime.fromtimestamp(0, UTC)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_IN_XML.sub("", text)


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address, "type": media_type})
