"""A page is found by its file name or its address, however somebody types it; a query of other words names none."""

from __future__ import annotations

import pytest

from archive.model import Source
from archive.store.page_search import PageNames, typed_page

PAGES = PageNames(
    [
        Source("a/page.txt", "1" * 64, "text/plain"),
        Source("b/Page.TXT", "2" * 64, "text/plain"),
        Source("2018年度报告.pdf", "3" * 64, "application/pdf"),
        Source("c.html", "4" * 64, "text/html", url="http://www.example.gov.cn/art/2019/3/1/x.html"),
        Source("d", "5" * 64, "text/html", url="https://example.gov.cn/%E5%85%AC%E5%BC%80/"),
    ]
)


@pytest.mark.parametrize(
    ("query", "pages", "reason"),
    [
        ("page.txt", "12", "a file name in two folders"),
        ("A/PAGE.TXT", "1", "a path, in upper case"),
        (" “2018年度报告.pdf” ", "3", "in quotation marks"),
        ("http://www.example.gov.cn/art/2019/3/1/x.html", "4", "an address"),
        ("https://example.gov.cn/art/2019/3/1/x.html#top", "4", "another scheme, without www., with an anchor"),
        ("www.example.gov.cn/art/2019/3/1/x.html", "4", "without a scheme"),
        ("example.gov.cn/art/2019/3/1/x.html", "4", "without either"),
        ("https://example.gov.cn/公开", "5", "an address with Han and without its slash"),
        ("x.html", "", "the last part of an address is no name of a file"),
        ("none.txt", "", "no such file"),
        ("http://www.example.gov.cn/", "", "the site of a page is not the page"),
    ],
)
def test_a_page_is_found(query: str, pages: str, reason: str) -> None:
    name = typed_page(query)
    assert name is not None, reason
    assert "".join(page[0] for page in PAGES.find(name)) == pages, reason


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("公开 微博", "words"),
        ("year:2014..2018", "a range of years"),
        ("公开.", "a full stop"),
        ("3.5", "a number"),
        ("", "nothing"),
        ("a" * 600 + ".txt", "longer than an address"),
        ("page.txt 公开", "a file among words"),
    ],
)
def test_another_query_names_no_page(query: str, reason: str) -> None:
    assert typed_page(query) is None, reason
