"""`/opensearch.xml`, `/sitemap.xml` and `/robots.txt`, for browsers and crawlers."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext

from webui.data_access import catalogue
from webui.http.i18n import HTML_LANG, PREFIXES, language

machines = Blueprint("machines", __name__)
crawled = Blueprint("crawled", __name__)
"""Paths without a language."""

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
MOST_ADDRESSES = 50_000  # of one sitemap (sitemaps.org protocol)
PAGES = (
    *("home.page", "agencies.index", "divisions.page", "coverage.page", "aggregates.page"),
    *("pages.help_page", "pages.api_reference", "pages.about"),
)
# Searches and filters link to others without end, and files repeat the pages.
NOT_CRAWLED = (
    "/search",
    "/concordance",
    "/collocates",
    "/trends",
    "/matrix",
    "/distinctive",
    "/feed.atom",
    "/basket",
    "/history",
    "/agencies?*",
    "/agencies.csv",
    "/divisions?*",
    "/divisions.csv",
    "/coverage?*",
    "/coverage.csv",
    "/notices.csv",
    "/aggregates?*",
    "/aggregates.csv",
    "/figures.csv",
    "/api/",
    "/figures?*",
    "/figures/ranking",
    "/compare/",
)


@machines.get("/opensearch.xml")
def opensearch() -> Response:
    """Describes the search for browsers (OpenSearch 1.1)."""
    root = Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    SubElement(root, "ShortName").text = gettext("公开")
    SubElement(root, "Description").text = gettext("政府信息公开年度报告全文检索")
    SubElement(root, "InputEncoding").text = "UTF-8"
    SubElement(root, "Language").text = HTML_LANG[language()]
    seal = url_for("static", filename="seal.svg", _external=True)
    SubElement(root, "Image", {"type": "image/svg+xml", "width": "16", "height": "16"}).text = seal
    for endpoint, media_type in (("search.results", "text/html"), ("export.feed", "application/atom+xml")):
        address = url_for(f"{language()}.{endpoint}", _external=True)
        SubElement(root, "Url", {"type": media_type, "template": f"{address}?q={{searchTerms}}"})
    return _xml(root, "application/opensearchdescription+xml")


@crawled.get("/sitemap.xml")
def sitemap() -> Response:
    """Lists all pages, or the sitemaps that list them if there are too many for one file."""
    count = sum(1 for _ in _addresses())
    if count <= MOST_ADDRESSES:
        return _sitemap(0)
    root = Element("sitemapindex", {"xmlns": SITEMAP})
    for number in range(-(-count // MOST_ADDRESSES)):
        address = url_for("crawled.sitemap_part", number=number + 1, _external=True)
        SubElement(SubElement(root, "sitemap"), "loc").text = address
    return _xml(root, "application/xml")


@crawled.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """Sends one of several sitemaps, counted from 1."""
    return _sitemap(number - 1) if number else abort(404)


@crawled.get("/robots.txt")
def robots() -> Response:
    """Names the paths that crawlers should not visit, and the sitemap."""
    closed = [f"Disallow: {prefix}{path}" for prefix in PREFIXES.values() for path in NOT_CRAWLED]
    where = url_for("crawled.sitemap", _external=True)
    return Response("\n".join(["User-agent: *", *closed, "", f"Sitemap: {where}", ""]), mimetype="text/plain")


def _addresses() -> Iterator[tuple[str, dict[str, str]]]:
    for endpoint in PAGES:
        yield endpoint, {}
    held = catalogue()
    for agency in held.agencies():
        yield "agencies.page", {"agency": agency.id}
        for key in held.keys(agency.id):
            yield "reports.page", {"agency": agency.id, "key": key}


def _sitemap(part: int) -> Response:
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    here = list(_addresses())[part * MOST_ADDRESSES : (part + 1) * MOST_ADDRESSES]
    if not here:
        abort(404)
    for endpoint, values in here:
        entry = SubElement(root, "url")
        addresses = {code: url_for(f"{code}.{endpoint}", _external=True, **values) for code in PREFIXES}
        SubElement(entry, "loc").text = addresses["zh"]
        for code, address in addresses.items():
            SubElement(entry, "xhtml:link", {"rel": "alternate", "hreflang": HTML_LANG[code], "href": address})
    return _xml(root, "application/xml")


def _xml(root: Element, media_type: str) -> Response:
    return Response(tostring(root, "utf-8", xml_declaration=True), mimetype=media_type)
