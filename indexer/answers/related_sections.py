"""Finds the sections most similar to one of a report, and tells an unindexed section from one without similar ones."""

from __future__ import annotations

from archive.errors import NotFound
from archive.model import Report, Section
from indexer.answers.engine import Engine, Hit
from indexer.query.fields import UNDATED
from indexer.query.request import Request


def related_sections(engine: Engine, report: Report, section: Section, most: int) -> tuple[str, tuple[Hit, ...]]:
    """Returns the address of a section, and the sections most similar to it, best first.

    Raises:
        NotFound: if the index does not have the section.
    """
    address = f"/reports/{report.agency}/{report.key}#{section.anchor}"
    hits = engine.related(address, most)
    if not hits and not _is_indexed(engine, report, address):
        raise NotFound(
            f"索引里没有{report.agency_name or report.agency}“{report.key}”的这个章节。请运行 gongkai index。",
            f"The index lacks this section of “{report.key}” of {report.agency_name or report.agency}. "
            "Run gongkai index.",
        )
    return address, hits


def _is_indexed(engine: Engine, report: Report, address: str) -> bool:
    year = UNDATED if report.year is None else str(report.year)
    request = Request(filters={"agency": (report.agency,), "year": (year,)})
    return any(hit.url == address for hit in engine.every_hit(request))
