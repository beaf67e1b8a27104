"""Tests that every text on a page has its `lang`, by which a screen reader chooses its voice."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from flask import Flask

HAN = re.compile(r"[\u3400-\u9fff]")
# 'Check the page', not 'year:2014..2018 OR' and not 'RIS BibTeX'
ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
FILES = {
    *(
        "agencies.csv_file",
        "aggregates.csv_file",
        "citing.file",
        "collocates.csv_file",
        "concordance.csv_file",
        "counting.file",
        "coverage.csv_file",
        "coverage.notices_file",
        "counting.snapshot",
        "divisions.csv_file",
        "export.feed",
    ),
    *("export.file", "figures.codebook", "figures.csv_file", "machines.opensearch", "matrix.csv_file"),
    *("aggregates.picture", "coverage.picture", "figures.picture", "matrix.picture", "ranking.picture"),
    *("basket.file", "search.picture", "trends.picture"),
    *("reports.lines", "reports.original", "reports.text", "trends.csv_file"),
    "pages.api_root",
}
"""Endpoints that return a file or a redirect; `reports.lines` shows text originals, and these are HTML."""
SPOKEN = ("alt", "aria-description", "aria-label", "placeholder", "title")
"""Attributes whose text is read aloud or shown."""
SILENT = ["script", "style", "title"]
"""Elements whose text is not read aloud, or (the title of a document) has no language of its own."""
QUERIES = (
    {"q": '微博 OR "应公开尽公开" NEAR/30 微信 -舆情', "year": "2016", "section": "problems"},
    {"q": "政务公开 微博"},
    {"q": "年:2016 requests.new.total>10 in:all unit:report"},
    {"q": '"没有这个词"'},
    {"q": '"没有合上'},
    {"q": "年:去年"},
    {"q": "微博", "agency": "没有的机关"},
)
"""Queries whose interpretations, alternatives, chips and errors are shown."""
MOST = 150


Pages = dict[str, BeautifulSoup]


def crawled(app: Flask, home: str) -> Pages:
    """Pages of one language by URL: those that the home page leads to, up to three of a kind, and queries."""
    client = app.test_client()
    questions = (f"{home}{path}?{urlencode(asked)}" for asked in QUERIES for path in PATHS)
    waiting = deque([home, *(home + page for page in BEGINNINGS), *questions])
    found: Pages = {}
    kinds: dict[str, int] = {}
    while waiting and len(found) < MOST:
        address = waiting.popleft()
        answer = client.get(address)
        body = answer.get_data()  # to its end, so that a file is closed
        if answer.mimetype != "text/html" or "Content-Disposition" in answer.headers:
            continue
        soup = found[address] = BeautifulSoup(body, "lxml")
        for link in soup.find_all("a", href=True):
            to = urldefrag(urljoin(address, str(link["href"])))[0]
            kind = re.sub(r"[0-9]+|\?.*|(?<=/agencies/).*", "", to)
            here = to.startswith(home) and to.startswith("/en/") == (home == "/en/")
            if here and to not in waiting and to not in found and kinds.get(kind, 0) < 3:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(to)
    return found


@pytest.fixture(scope="session")
def english(app: Flask) -> Pages:
    return crawled(app, "/en/")


@pytest.fixture(scope="session")
def chinese(app: Flask) -> Pages:
    return crawled(app, "/")


BEGINNINGS = ("nowhere", "status", "reports/yunxi-shui-wu-ju/2016/versions")
PATHS = ("search", "search/keyword", "concordance", "collocates", "trends", "matrix", "distinctive")


def language_of(node: Tag | NavigableString) -> str:
    """The language of a node."""
    return next(str(each["lang"]) for each in [node, *node.parents] if isinstance(each, Tag) and each.has_attr("lang"))


def texts(soup: BeautifulSoup, pattern: re.Pattern[str], beside: list[str]) -> Iterator[tuple[str, str]]:
    """The texts that match a pattern with their language, except those of the elements `beside`."""
    for text in soup.find_all(string=pattern):
        if not isinstance(text, NavigableString) or text.find_parent(beside) is None:
            yield language_of(text), text.strip()
    for name in SPOKEN:
        for element in soup.find_all(attrs={name: pattern}):
            yield language_of(element), f"{name}: {element[name]}"


@pytest.mark.slow
def test_chinese_on_english_pages_is_marked(english: Pages) -> None:
    assert not wrong(english, HAN, "en", SILENT)


@pytest.mark.slow
def test_english_on_chinese_pages_is_marked(chinese: Pages) -> None:
    assert not wrong(chinese, ENGLISH, "zh-Hans", [*SILENT, "code", "pre"]), "except code"


def wrong(pages: Pages, pattern: re.Pattern[str], voice: str, beside: list[str]) -> str:
    """The texts that match a pattern and have the language `voice`, a line each."""
    found = {
        f"{text[:60]!r} at {address}"
        for address, soup in pages.items()
        for spoken, text in texts(soup, pattern, beside)
        if spoken == voice
    }
    return "\n".join(sorted(found))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_was_checked(app: Flask, request: pytest.FixtureRequest, language: str) -> None:
    pages = request.getfixturevalue({"en": "english", "zh": "chinese"}[language])
    asked = app.url_map.bind("localhost")
    met = {asked.match(urlsplit(address).path)[0] for address in pages if not address.endswith("/nowhere")}
    there = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{language}.")}
    assert {name.removeprefix(f"{language}.") for name in there - met if ".api." not in name} == FILES


ACCEPTED = [
    (None, 0, "no header"),
    ("en-US,en;q=0.9", 1, "English"),
    ("en,zh;q=0.9", 1, "English before Chinese"),
    ("zh-CN,zh;q=0.9,en;q=0.8", 0, "Chinese before English"),
    ("en;q=0.3,zh-TW;q=0.7", 0, "Chinese before English by quality"),
    ("fr,de;q=0.8", 1, "neither: English is likelier to be read"),
    ("fr,zh;q=0.1", 0, "Chinese at all"),
    ("*", 0, "any language"),
    ("en;q=0", 0, "English refused"),
    (";;,q=x", 0, "no header that can be read"),
]


@pytest.mark.parametrize(("accepted", "lines", "reason"), ACCEPTED, ids=[row[2] for row in ACCEPTED])
def test_chinese_pages_offer_english_in_one_line(app: Flask, accepted: str | None, lines: int, reason: str) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = app.test_client().get("/search?q=公开&year=2016", headers=headers)
    assert answer.status_code == 200, "no redirect"
    offers = BeautifulSoup(answer.text, "lxml").select(".offer")
    assert len(offers) == lines, reason
    for offer in offers:
        links = [str(link["href"]) for link in offer.select("a")]
        assert links == ["/en/search?q=公开&year=2016", "#main"]
        assert offer["lang"] == "en" and "Set-Cookie" not in answer.headers
    english = app.test_client().get("/en/search?q=公开", headers=headers)
    assert not BeautifulSoup(english.text, "lxml").select(".offer")
