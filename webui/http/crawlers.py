"""`/opensearch.xml`, `/sitemap.xml` and `/robots.txt`, for browsers and crawlers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext

from webui.data_access import agency_search, report_keys
from webui.http.i18n import HTML_LANG, PREFIXES, language

machines = Blueprint("machines", __name__)
crawled = Blueprint("crawled", __name__)
"""Paths without a language."""

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
MOST_ADDRESSES = 2_500
"""Addresses of one sitemap. The protocol allows 50,000, which take the server seconds and do not fit the page cache."""
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
    keys = report_keys()
    for agency in agency_search().agencies:
        yield "agencies.page", {"agency": agency}
        for key in keys.get(agency, ()):
            yield "reports.page", {"agency": agency, "key": key}


def _sitemap(part: int) -> Response:
    here = list(islice(_addresses(), part * MOST_ADDRESSES, (part + 1) * MOST_ADDRESSES))
    if not here:
        abort(404)
    root = url_for("zh.home.page", _external=True).removesuffix("/")
    entries = "".join(_entry(root, url_for(f"zh.{endpoint}", _external=True, **values)) for endpoint, values in here)
    document = f'{_DECLARATION}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">{entries}</urlset>'
    return Response(document, mimetype="application/xml")


def _entry(root: str, address: str) -> str:
    """A page by its Chinese address, with the addresses in both languages. `root` is the address of the site."""
    path = escape(address.removeprefix(root))
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{HTML_LANG[code]}" href="{root}{prefix}{path}"/>'
        for code, prefix in PREFIXES.items()
    )
    return f"<url><loc>{escape(address)}</loc>{links}</url>"


def _xml(root: Element, media_type: str) -> Response:
    return Response(tostring(root, "utf-8", xml_declaration=True), mimetype=media_type)
