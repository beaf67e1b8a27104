"""Reads what a curator decided about notices (`HOME/notices.toml`); nothing of it is in the catalogue.

[[notice]]
report = "linjiangshi-shuiwuju/2019"   # or page = "page.html": its file or SHA-256, for a notice on no report
code = "check_failed"
place = "1335-1390"                    # left out for a notice without lines
state = "confirmed"                    # or dismissed, corrected
reason = "The report prints this sum."
date = 2026-11-28
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from archive.errors import InvalidRequest
from archive.model import Notice, Report, ReportSummary, Source
from archive.notices import codes

ReviewState = Literal["confirmed", "dismissed", "corrected"]
REVIEW_STATES: tuple[ReviewState, ...] = get_args(ReviewState)
REVIEW_STATE_NAMES: dict[str, tuple[str, str]] = {
    "open": ("未核实", "open"),
    "confirmed": ("已核实", "confirmed"),
    "dismissed": ("已驳回", "dismissed"),
    "corrected": ("已更正", "corrected"),
}
"""The names of the states in Chinese and English; a notice that nobody has decided about is open."""
FILE_NAME = "notices.toml"
_KEYS = ("report", "page", "code", "place", "state", "reason", "date")
_REQUIRED = ("code", "state", "reason", "date")
# '[[notice]]', '[[ notice ]] # 2019'
_HEADER = re.compile(r"\s*\[\[\s*notice\s*\]\]")
# "Expected '=' after a key (at line 3, column 5)"
_AT_LINE = re.compile(r"\(at line (?P<line>\d+)")
# 'linjiangshi-shuiwuju/2019', 'unknown/undated-1a2b3c4d'
_REPORT = re.compile(r"[^/\s]+/[^/\s]+")
# '1335', '1335-1390'
_PLACE = re.compile(r"[1-9]\d*(-[1-9]\d*)?")

_Key = tuple[str, str, str]  # report or page, code, place


@dataclass(frozen=True, slots=True)
class NoticeReview:
    """The state of the notices of a code at a place of a report or of a page; `line` is that of its row."""

    report: str | None
    page: str | None
    code: str
    place: str
    state: ReviewState
    reason: str
    date: date
    line: int


@dataclass(frozen=True, slots=True)
class NoticeReviews:
    """The reviews of a home."""

    every: tuple[NoticeReview, ...] = ()
    _by_key: dict[_Key, NoticeReview] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key.update({_key(each): each for each in self.every})

    def of(self, report: str | None, source: Source, notice: Notice) -> NoticeReview | None:
        """The review of a notice of a report (`AGENCY/KEY`) or of the page of a source."""
        named = (report,) if report else (source.path, source.sha256)
        keys = ((name, notice.code, str(notice.place)) for name in named)
        return next(filter(None, map(self._by_key.get, keys)), None)

    def unmatched(self, notices: Iterable[tuple[ReportSummary | None, Source, Notice]]) -> tuple[NoticeReview, ...]:
        """The reviews whose notice is not among all notices of the catalogue."""
        matched = {self.of(report_address(report), source, notice) for report, source, notice in notices}
        return tuple(each for each in self.every if each not in matched)


NO_REVIEWS = NoticeReviews()


def report_address(report: ReportSummary | Report | None) -> str | None:
    """`AGENCY/KEY`, None for None."""
    return f"{report.agency}/{report.key}" if report else None


def read_reviews(home: Path) -> NoticeReviews:
    """The reviews in the file of a home, none without the file.

    Raises:
        InvalidRequest: the file is no TOML, or a row has a mistake; the sentence names the line.
    """
    path = home / FILE_NAME
    if not path.is_file():
        return NO_REVIEWS
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise _invalid(path, 1, "不是 UTF-8", "it is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found["line"]) if found else text.count("\n") + 1
        raise _invalid(path, line, f"不是有效的 TOML：{error}", f"it is no valid TOML: {error}") from error
    lines = text.splitlines()
    for name, rows in content.items():
        if name != "notice" or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            line = next((number for number, each in enumerate(lines, 1) if name in each), 1)
            raise _invalid(path, line, f"只能有 [[notice]]，不能有 {name}", f"only [[notice]] is known, not {name}")
    headers = [number for number, each in enumerate(lines, 1) if _HEADER.match(each)]
    reviews: dict[_Key, NoticeReview] = {}
    for number, row in enumerate(content.get("notice", [])):
        header = headers[number] if number < len(headers) else 1  # rows of an inline array have no header
        review = _review(path, row, header, lines)
        if (first := reviews.setdefault(_key(review), review)) is not review:
            raise _invalid(path, header, f"与第 {first.line} 行重复", f"it repeats line {first.line}")
    return NoticeReviews(tuple(reviews.values()))


def _review(path: Path, row: dict[str, Any], header: int, lines: Sequence[str]) -> NoticeReview:
    def line_of(key: str) -> int:
        written = re.compile(rf"\s*{re.escape(key)}\s*=")
        for number, each in enumerate(lines[header:], header + 1):
            if _HEADER.match(each):
                break
            if written.match(each):
                return number
        return header

    for key in row:
        if key not in _KEYS:
            known = " ".join(_KEYS)
            raise _invalid(
                path, line_of(key), f"没有 {key} 这个键，可用的有 {known}", f"no key {key}; there are {known}"
            )
    if missing := [key for key in _REQUIRED if key not in row]:
        raise _invalid(path, header, f"缺少 {'、'.join(missing)}", f"{', '.join(missing)} missing")
    if ("report" in row) == ("page" in row):
        raise _invalid(path, header, "应有 report 或 page 之一", "it needs either report or page")
    checks: dict[str, tuple[Callable[[str], object], str, str]] = {
        "report": (_REPORT.fullmatch, "机关编号/年份", "AGENCY/KEY"),
        "page": (bool, "文件名或 SHA-256", "a file or its SHA-256"),
        "code": (codes().__contains__, "疑点代码", "the code of a notice"),
        "place": (_PLACE.fullmatch, "行号，如 12 或 12-15", "lines, such as 12 or 12-15"),
        "state": (REVIEW_STATES.__contains__, " ".join(REVIEW_STATES), " ".join(REVIEW_STATES)),
        "reason": (str.strip, "一句理由", "a reason"),
    }
    for key, (accepts, zh, en) in checks.items():
        if key in row and not (isinstance(row[key], str) and accepts(row[key])):
            raise _invalid(path, line_of(key), f"{key} 应是{zh}", f"{key} has to be {en}")
    if not isinstance(row["date"], date) or isinstance(row["date"], datetime):
        raise _invalid(
            path, line_of("date"), "date 应是不加引号的日期，如 2026-11-28", "date has to be a date, 2026-11-28"
        )
    texts = {key: row.get(key) for key in ("report", "page", "code", "state", "reason", "date")}
    return NoticeReview(**texts, place=row.get("place", ""), line=header)  # type: ignore[arg-type]  # checked above


def _key(review: NoticeReview) -> _Key:
    return review.report or review.page or "", review.code, review.place


def _invalid(path: Path, line: int, zh: str, en: str) -> InvalidRequest:
    return InvalidRequest(
        f"{path} 第 {line} 行有误：{zh}。请按文档改正后重试。",
        f"{path}, line {line}: {en}. Correct the file as documented and try again.",
    )
