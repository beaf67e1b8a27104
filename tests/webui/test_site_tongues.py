"""Every page says in which language its words are: a screen reader reads them with that voice."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlencode, urljoin

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from flask import Flask

HAN = re.compile(r"[\u3400-\u9fff]")
SAID = ("alt", "aria-description", "aria-label", "placeholder", "title")
"""Attributes whose text is read out or shown."""
ASKED = (
    {"q": '微博 OR "应公开尽公开" NEAR/30 微信 -舆情', "year": "2016", "section": "problems"},
    {"q": "政务公开 微博"},
    {"q": "年:2016 requests.new.total>10 in:all unit:report"},
    {"q": '"没有这个词"'},
    {"q": '"没有合上'},
    {"q": "年:去年"},
    {"q": "微博", "agency": "没有的机关"},
)
"""Questions whose readings, other readings, chips and mistakes are shown."""
MOST = 150


@pytest.fixture(scope="session")
def pages(app: Flask) -> dict[str, BeautifulSoup]:
    """English pages by address: what links lead to from home, each kind of page several times, and questions."""
    client = app.test_client()
    waiting = deque(["/en/", "/en/nowhere", *(f"/en{path}?{urlencode(q)}" for q in ASKED for path in PATHS)])
    found: dict[str, BeautifulSoup] = {}
    kinds: dict[str, int] = {}
    while waiting and len(found) < MOST:
        address = waiting.popleft()
        answer = client.get(address)
        body = answer.get_data()  # read to its end, also what is no page
        if answer.mimetype != "text/html":
            continue
        soup = found[address] = BeautifulSoup(body, "lxml")
        for link in soup.find_all("a", href=True):
            to = urldefrag(urljoin(address, str(link["href"])))[0]
            kind = re.sub(r"[0-9]+|\?.*|(?<=/agencies/).*", "", to)
            if to.startswith("/en") and to not in waiting and to not in found and kinds.get(kind, 0) < 3:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(to)
    return found


PATHS = ("/search", "/concordance", "/trends", "/matrix")


def voices(node: Tag | NavigableString) -> str:
    """The language that a node is said to be in."""
    return next(str(each["lang"]) for each in [node, *node.parents] if isinstance(each, Tag) and each.has_attr("lang"))


def said(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """What a page says, each with its language; the title of a document cannot have one of its own."""
    for text in soup.find_all(string=HAN):
        if not isinstance(text, NavigableString) or text.find_parent(["script", "style", "title"]) is None:
            yield voices(text), text.strip()
    for name in SAID:
        for element in soup.find_all(attrs={name: HAN}):
            yield voices(element), f"{name}: {element[name]}"


def test_on_english_pages_what_is_chinese_says_so(pages: dict[str, BeautifulSoup]) -> None:
    wrong = {
        f"{text[:60]!r} at {address}" for address, soup in pages.items() for voice, text in said(soup) if voice == "en"
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_every_kind_of_page_was_looked_at(pages: dict[str, BeautifulSoup]) -> None:
    assert len(pages) > 40
