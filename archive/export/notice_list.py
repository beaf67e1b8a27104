"""Lists all notices of an archive with the states that a curator gave them, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from archive.errors import Language
from archive.export.json import NOTICE, SOURCE, notice_json, source_json
from archive.export.json_types import Json, record, shape
from archive.model import Notice, Source
from archive.notices import message
from archive.store.curation.notice_reviews import NoticeReview

_REVIEW = shape("notice_review", NoticeReview, "report page code place state reason", date=date)
NOTICES = shape(
    "notices", as_of=str, notices=[shape("kept_notice", NOTICE, report=str | None, source=SOURCE)], unmatched=[_REVIEW]
)
NOTICE_HEAD = (
    *("report", "agency_name", "page", "sha256", "code", "severity", "place", "message"),
    *("state", "reason", "reviewed_on", "as_of"),
)


class ListedNotice(NamedTuple):
    """A notice of a report (`AGENCY/KEY`), or of a page as a whole, with its review."""

    report: str | None
    agency_name: str | None
    source: Source
    notice: Notice
    review: NoticeReview | None

    @property
    def state(self) -> str:
        """`open` if nobody decided about it."""
        return self.review.state if self.review else "open"


def notices_json(
    listed: Iterable[ListedNotice], unmatched: Iterable[NoticeReview], as_of: str, language: Language
) -> Json:
    """The notices, and the reviews that no longer match any."""
    return {
        "as_of": as_of,
        "notices": [
            {
                "report": each.report,
                "source": source_json(each.source),
                **notice_json(each.notice, language, each.review),
            }
            for each in listed
        ],
        "unmatched": [record(_REVIEW, each) for each in unmatched],
    }


def notice_rows(listed: Iterable[ListedNotice], as_of: str, language: Language) -> Iterator[tuple[object, ...]]:
    """The cells of `NOTICE_HEAD` for each notice; an open one has no state."""
    for report, name, source, notice, review in listed:
        decided = (review.state, review.reason, review.date) if review else (None, None, None)
        about = (notice.code, notice.severity, str(notice.place), message(notice, language))
        yield report, name, source.path, source.sha256, *about, *decided, as_of
