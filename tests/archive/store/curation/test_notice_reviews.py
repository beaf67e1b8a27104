"""The states that a curator gives notices: what the file may have, and which notice a row is about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.errors import InvalidRequest
from archive.model import Notice, Source, SourceSpan
from archive.notices import notice
from archive.store.curation.notice_reviews import NO_REVIEWS, NoticeReview, NoticeReviews, read_reviews

ROW = """[[notice]]
report = "yunxi-shui-wu-ju/2019"
code = "check_failed"
place = "12-15"
state = "confirmed"
reason = "印的就是这个数"
date = 2026-11-28
"""
REVIEW = NoticeReview(
    "yunxi-shui-wu-ju/2019", None, "check_failed", "12-15", "confirmed", "印的就是这个数", date(2026, 11, 28), 1
)
SOURCE = Source("a/page.html", "ab" * 32, "text/html")


def written(home: Path, text: str) -> Path:
    (home / "notices.toml").write_text(text, "utf-8")
    return home


def test_the_file_of_a_home(tmp_path: Path) -> None:
    assert read_reviews(tmp_path) == NO_REVIEWS
    assert read_reviews(written(tmp_path, "# 暂无\n")) == NO_REVIEWS
    assert read_reviews(written(tmp_path, ROW)) == NoticeReviews((REVIEW,))


INVALID = [
    ("[[notice", 1, "no TOML"),
    (f"{ROW}\n[[notice]]\nreport = \n", 10, "no TOML further down"),
    (f"{ROW}[[notices]]\n", 8, "another kind"),
    ('notice = "x"', 1, "no rows"),
    (ROW.replace('code = "check_failed"\n', ""), 1, "a missing key"),
    (f"# 说明\n\n{ROW}note = 1\n", 10, "another key"),
    (ROW.replace("check_failed", "check_fail"), 3, "a code that no notice has"),
    (ROW.replace("confirmed", "done"), 5, "a state that there is not"),
    (ROW.replace("12-15", "第12行"), 4, "a place in words"),
    (ROW.replace("2026-11-28", '"2026-11-28"'), 7, "a date that is text"),
    (ROW.replace("印的就是这个数", " "), 6, "no reason"),
    (ROW.replace("yunxi-shui-wu-ju/2019", "2019"), 2, "no agency"),
    (f'{ROW}page = "page.html"\n', 1, "both a report and a page"),
    (ROW.replace('report = "yunxi-shui-wu-ju/2019"\n', ""), 1, "neither"),
    (f"{ROW}{ROW}", 8, "one notice twice"),
    (f"{ROW}{ROW.replace('12-15', '16').replace('confirmed', '1')}", 12, "a mistake in the second row"),
]


@pytest.mark.parametrize(("text", "line", "reason"), INVALID, ids=[reason for *_, reason in INVALID])
def test_an_invalid_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_reviews(written(tmp_path, text))
    assert f"notices.toml 第 {line} 行" in refused.value.zh, reason
    assert f"notices.toml, line {line}:" in refused.value.en, reason


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notices.toml").write_bytes(ROW.encode("gb18030"))
    with pytest.raises(InvalidRequest, match="UTF-8"):
        read_reviews(tmp_path)


PLACED = notice("check_failed", SourceSpan(12, 15), table="x", identity="x", left="1", right="2", where="x")
LINE = notice("check_failed", SourceSpan(12), table="x", identity="x", left="1", right="2", where="x")
OTHER = notice("blank_cell", SourceSpan(12, 15))
WHOLE = notice("no_report")
OF_PAGE = ROW.replace("report = ", "page = ").replace("check_failed", "no_report").replace('place = "12-15"\n', "")


@pytest.mark.parametrize(
    ("text", "report", "given", "about"),
    [
        (ROW, "yunxi-shui-wu-ju/2019", PLACED, "is about report, code and place"),
        (ROW, "yunxi-shui-wu-ju/2019", LINE, "another place"),
        (ROW, "yunxi-shui-wu-ju/2019", OTHER, "another code"),
        (ROW, "yunxi-shui-wu-ju/2020", PLACED, "another report"),
        (ROW.replace('place = "12-15"\n', ""), "yunxi-shui-wu-ju/2019", PLACED, "a row for no lines"),
        (OF_PAGE.replace("yunxi-shui-wu-ju/2019", "a/page.html"), None, WHOLE, "is about a page by its file"),
        (OF_PAGE.replace("yunxi-shui-wu-ju/2019", "ab" * 32), None, WHOLE, "is about a page by its hash"),
        (OF_PAGE.replace("yunxi-shui-wu-ju/2019", "page.html"), None, WHOLE, "a file of this name elsewhere"),
    ],
)
def test_a_row_is_about_one_place(tmp_path: Path, text: str, report: str | None, given: Notice, about: str) -> None:
    reviews = read_reviews(written(tmp_path, text))
    assert (reviews.of(report, SOURCE, given) is not None) is about.startswith("is about"), about
