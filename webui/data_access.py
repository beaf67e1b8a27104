"""The doors to the other rooms: one catalogue a request, and the index as it is published."""

from __future__ import annotations

import functools
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, g

from archive.analysis.coverage import CoverageCell
from archive.model import Notice, Report, ReportSummary, Source
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index


@dataclass(frozen=True, slots=True)
class About:
    """Which report a notice is about: what a list needs of it, not its text."""

    agency: str
    key: str
    agency_name: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice with the report or, failing that, the page that it is about."""

    report: About | None
    source: Source
    notice: Notice


def install(app: Flask) -> None:
    """Let what a request opened be closed when it ends."""
    app.extensions["gongkai.coverage"] = {}
    app.teardown_appcontext(_close)


def catalogue() -> Catalogue:
    """The catalogue, open until the request ends."""
    if "catalogue" not in g:
        g.opened = ExitStack()
        g.catalogue = g.opened.enter_context(Catalogue.open(current_app.config["HOME"]))
    opened: Catalogue = g.catalogue
    return opened


def revision() -> int:
    """The catalogue's revision, asked once a request."""
    if "revision" not in g:
        g.revision = catalogue().revision
    found: int = g.revision
    return found


def report(agency: str, key: str) -> Report | None:
    """A report of the catalogue; the ones read lately are at hand as long as nothing changes."""
    return _report(current_app.config["HOME"], revision(), agency, key)


def versions(agency: str, key: str) -> tuple[Report, ...]:
    """Every version of a report, newest first."""
    return _versions(current_app.config["HOME"], revision(), agency, key)


@functools.lru_cache(maxsize=64)
def _versions(_home: Path, _revision: int, agency: str, key: str) -> tuple[Report, ...]:
    return catalogue().versions(agency, key)


@functools.lru_cache(maxsize=256)
def _report(_home: Path, _revision: int, agency: str, key: str) -> Report | None:
    return catalogue().report(agency, key)


def notices() -> tuple[Noticed, ...]:
    """Every notice of the archive, gathered once for each revision of the catalogue."""
    return _notices(current_app.config["HOME"], revision())


@functools.lru_cache(maxsize=1)
def _notices(_home: Path, _revision: int) -> tuple[Noticed, ...]:
    return tuple(Noticed(_about(of) if of else None, source, notice) for of, source, notice in catalogue().notices())


def _about(report: ReportSummary) -> About:
    return About(report.agency, report.key, report.agency_name or report.agency_as_printed, report.year)


def coverage() -> tuple[CoverageCell, ...]:
    """What is held and missing in the whole archive, counted once for each revision of the catalogue."""
    known: dict[int, tuple[CoverageCell, ...]] = current_app.extensions["gongkai.coverage"]
    if (cells := known.get(revision())) is None:
        cells = catalogue().coverage()
        known.clear()  # one revision is enough to keep
        known[revision()] = cells
    return cells


def index() -> WhooshEngine:
    """Returns the published generation of the index. A page calls this once, so that its parts agree.

    Raises:
        IndexMissing: if there is no index, or one of another version.
    """
    return open_index(current_app.config["HOME"])


def _close(_error: BaseException | None) -> None:
    for name in ("catalogue", "revision"):  # an answer that streams comes back after this, and opens its own
        g.pop(name, None)
    if (opened := g.pop("opened", None)) is not None:
        opened.close()
