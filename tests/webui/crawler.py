"""Follows the links and buttons of the site and collects its faults.

Searches link to further searches without end, so addresses are sampled: an address is requested if it has a feature
that fewer than `OF_A_KIND` addresses before it had. Features are the path without agency and year, in each language;
the path with the name of each parameter; and the path with each value of a parameter that has a few, such as the tables
and sort orders. Every report and every agency is requested in Chinese.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

import lxml.html
from flask.testing import FlaskClient

from archive.notices import codes as notice_codes
from archive.vocabulary import form_codes, kind_codes, kind_label, section_codes

OF_A_KIND = 2
LARGEST = 200_000
# Parameters with a few values, each of which can show something else.
_ENUMERATED = {
    "table",
    "by",
    "sort",
    "group",
    "section",
    "severity",
    "code",
    "kind",
    "level",
    "figures",
    "kept",
    "page",
}
# '/en/reports/AGENCY/2018/similar': the language, the kind of page, the agency and what is shown of it.
_PATH = re.compile(r"(?P<language>/en)?/(?P<page>reports|agencies|compare)/(?P<agency>[^/]+)(?P<rest>.*)")
_KEY = re.compile(r"/(?:\d{4}|undated-\w+)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CODES = {*section_codes(), *form_codes(), *kind_codes(), *notice_codes(), "tables_only", "image_only"}
# A code by itself; in running English only one that is no word: 'tables_only', 'trial-2019'.
_CODE = re.compile(r"(?<![\w.:/=&-])(" + "|".join(sorted(_CODES, key=len, reverse=True)) + r")(?![\w.:/=&-])")
_LABELS_IN_ENGLISH = {*(kind_label(code, "en") for code in kind_codes()), "other"}
_NO_WORD = re.compile(r"[_\d]")
# Without the titles of points in charts, which are hidden from screen readers: they name agencies and queries.
_TEXTS = (
    "//body//text()[normalize-space() and not(ancestor::script or ancestor::code or ancestor::pre or ancestor::kbd)"
    " and not(parent::title/parent::a)]"
)
_LABELS = "//body//*/@*[name()='aria-label' or name()='placeholder' or name()='alt']"


@dataclass(slots=True)
class Crawl:
    """Pages that were requested, with the anchors of each, and faults with an example of each."""

    sizes: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    wanted: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add_fault(self, what: str, where: str) -> None:
        self.faults[what] += 1
        self.examples.setdefault(what, where)

    def report(self) -> str:
        return "\n".join(f"{count} × {what} at {self.examples[what]}" for what, count in self.faults.most_common(40))


def crawl(client: FlaskClient, starts: Iterable[str] = ("/", "/en/")) -> Crawl:
    """Asks for pages from the first ones on, the nearest first."""
    found = Crawl()
    waiting = deque((start, "") for start in starts)
    seen, counts = set(starts), Counter[object]()
    while waiting:
        address, source = waiting.popleft()
        response = client.get(address, follow_redirects=True, buffered=True)
        if response.status_code != 200:
            found.add_fault(
                f"{response.status_code} for {kind_of(address)}", f"{unquote(address)} from {unquote(source)}"
            )
            continue
        if response.mimetype != "text/html":
            continue
        found.sizes[address] = len(response.data)
        document = lxml.html.document_fromstring(response.get_data(as_text=True))
        found.anchors[address] = frozenset(map(str, document.xpath("//@id")))
        _check(found, document, address, len(response.data))
        for link, fragment in _links(document, address):
            if fragment:
                found.wanted.setdefault(f"{link}#{fragment}", (link, address))
            if link in seen:
                continue
            features = _features(link)
            if _is_whole(link) or any(counts[feature] < OF_A_KIND for feature in features):
                seen.add(link)
                counts.update(features)
                waiting.append((link, address))
    for wanted, (link, source) in found.wanted.items():
        if link in found.anchors and unquote(wanted.partition("#")[2]) not in found.anchors[link]:
            found.add_fault(f"dead anchor in {kind_of(link)}", f"{unquote(wanted)} from {unquote(source)}")
    return found


def kind_of(address: str) -> str:
    """The path without agency and year."""

    def kind(match: re.Match[str]) -> str:
        return f"{match['language'] or ''}/{match['page']}/AGENCY{_KEY.sub('/YEAR', match['rest'])}"

    return _PATH.sub(kind, urlsplit(address).path)


def _features(address: str) -> set[tuple[str, ...]]:
    path = kind_of(address)
    given = parse_qsl(urlsplit(address).query)
    values = {(path, name, value) for name, value in given if name in _ENUMERATED}
    return {(path,), *((path, name) for name, _ in given), *values}


def _is_whole(address: str) -> bool:
    """Whether it is the Chinese address of a report or an agency itself."""
    parts = urlsplit(address)
    match = _PATH.fullmatch(parts.path)
    return bool(
        match
        and not match["language"]
        and not parts.query
        and match["page"] != "compare"
        and not _KEY.sub("", match["rest"], count=1)
    )


def _links(document: lxml.html.HtmlElement, base: str) -> Iterator[tuple[str, str]]:
    """The addresses on the site that a page leads to, with their fragments."""
    targets = [str(each) for each in document.xpath("//a/@href | //link/@href | //form/@action | //img/@src")]
    targets += [str(each) for each in document.xpath("//*[local-name()='svg']//@*[local-name()='href']")]
    targets += [_pressed(document, button) for button in document.xpath("//button[@name or @formaction]")]
    for target in targets:
        address = urlsplit(urljoin(f"http://localhost{base}", target))
        if address.netloc == "localhost" and address.scheme == "http":
            yield address._replace(scheme="", netloc="", fragment="").geturl(), address.fragment


def _pressed(document: lxml.html.HtmlElement, button: lxml.html.HtmlElement) -> str:
    """The address that a button of a form leads to, with the fields of its form."""
    form = document.get_element_by_id(button.get("form")) if button.get("form") else next(button.iterancestors("form"))
    sent = [(each.get("name"), each.get("value") or "") for each in form.iter("input") if each.get("name")]
    own = [(button.get("name"), button.get("value") or "")] if button.get("name") else []
    return f"{button.get('formaction') or form.get('action')}?{urlencode([*sent, *own])}"


def _check(found: Crawl, document: lxml.html.HtmlElement, address: str, size: int) -> None:
    kind = kind_of(address)
    if size > LARGEST:
        found.add_fault(f"larger than {LARGEST:,} bytes: {kind}", f"{unquote(address)} has {size:,}")
    english = address.startswith("/en/") or address == "/en"
    for text in document.xpath(_TEXTS):
        element = text.getparent() if not text.is_tail else text.getparent().getparent()
        _check_text(found, str(text).strip(), _language(element), kind, address, english=english)
    for label in document.xpath(_LABELS):
        _check_text(found, str(label), _language(label.getparent()), kind, address, english=english)


def _check_text(found: Crawl, text: str, language: str, kind: str, address: str, *, english: bool) -> None:
    where = f"{unquote(address)}: {text[:60]!r}"
    if english and language != "zh" and _HAN.search(text):
        found.add_fault(f"Chinese on an English page: {kind}", where)
    if language == "zh" and english:
        return
    for match in _CODE.finditer(text):
        if not english or _NO_WORD.search(match[0]) or match[0] == text not in _LABELS_IN_ENGLISH:
            found.add_fault(f"code {match[0]} in the text of {kind}", where)


def _language(element: lxml.html.HtmlElement) -> str:
    languages: Mapping[str, str] = {"zh-Hans": "zh"}
    given = next((each.get("lang") for each in (element, *element.iterancestors()) if each.get("lang")), "")
    return languages.get(given, given)
