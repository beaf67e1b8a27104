"""Generates an archive with every layout and notice: python -m bench.archives HOME --reports 1600 --agencies 300.

Names of agencies begin with real divisions; texts are our own. The same numbers and seed give the same pages.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from pathlib import Path

from archive.agencies.resolve import resolve_agencies
from archive.cues.agency_names import kind_of
from archive.cues.divisions import shorter_names
from archive.extract.pipeline import parse_source
from archive.model import Source
from archive.rulebook import rulebook
from archive.store.catalogue import Catalogue
from bench.agency_names import agency_names
from bench.report_pages import BYTES, LAYOUTS, TABLE_LAYOUTS, Draft, ReportWriter, listing_page, page_data
from indexer.engines.whoosh.build.generations import build_index

YEARS = range(2008, 2024)
_STYLES = ("bars_behind", "bars_between", "bars_within")
# One report in this number has an unusual layout, one agency in this number a single page with all its reports, and one
# in this number a page that is not a report.
_EVERY_LAYOUT, _EVERY_SERIES, _EVERY_LISTING = 6, 8, 40
# Agencies whose reports on some years are missing, and the share of these years.
_GAPS = 0.12
_PAGES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page with the layouts of its reports that are not the usual one."""

    path: str
    data: bytes
    layouts: tuple[str, ...] = ()


def pages(reports: int, agencies: int, seed: int = 1) -> Iterator[GeneratedPage]:
    """Yields pages with `reports` reports of `agencies` agencies, and a few more: duplicates and pages without any."""
    draw = random.Random(seed)  # noqa: S311 (not used for secrets)
    plan = _plan(reports, agency_names(agencies, draw), draw)
    layouts, tables, damages = cycle(LAYOUTS), cycle(TABLE_LAYOUTS), cycle(BYTES)
    written = 0
    for number, (agency, years) in enumerate(plan.items()):
        has_tables = kind_of(agency) not in rulebook("agencies.toml")["own_outline"]
        writer = ReportWriter(agency, draw, has_tables, _STYLES[number % len(_STYLES)])
        drafts = [writer.draft(year) for year in years]
        if number % _EVERY_SERIES == 0:
            written += len(drafts)
            yield _series(f"{number:05}.txt", drafts)
            continue
        for draft in drafts:
            written += 1
            path, layout, damage = f"{number:05}-{draft.year}.txt", None, None
            if written % _EVERY_LAYOUT == 0:
                layout = next(tables if has_tables and draft.year > 2018 else layouts)
                draft = {**LAYOUTS, **TABLE_LAYOUTS}[layout](draft)
            elif written % _EVERY_LISTING == 1:
                damage = next(damages)
            elif draft.year == years[-1] and number % 3 == 0:
                draft = _shorter_name(draft)
            yield GeneratedPage(path, page_data(draft.lines(), damage), tuple(filter(None, (layout, damage))))
        if number % _EVERY_LISTING == 1:
            yield GeneratedPage(f"{number:05}-list.txt", page_data(listing_page(agency)), ("no report",))


def fill(home: Path, reports: int, agencies: int, seed: int = 1) -> Path:
    """Adds the generated pages to a home and builds its index."""
    with Catalogue.open(home) as catalogue:
        batch = list[GeneratedPage]()
        for page in pages(reports, agencies, seed):
            batch.append(page)
            if len(batch) == _PAGES_AT_ONCE:
                _add(catalogue, batch)
                batch.clear()
        _add(catalogue, batch)
        build_index(home, catalogue.listed(), catalogue.agencies(), catalogue.revision)
    return home


def _plan(reports: int, names: list[str], draw: random.Random) -> Mapping[str, list[int]]:
    """The years of each agency's reports, ascending: runs up to a recent year with some gaps."""
    waiting = {name: [year for year in reversed(YEARS) if draw.random() > _GAPS] for name in names}
    plan = {name: [years.pop(0)] for name, years in waiting.items()}
    left = reports - len(names)
    open_names = [name for name in names if waiting[name]]
    while left > 0 and open_names:
        place = draw.randrange(len(open_names))
        name = open_names[place]
        plan[name].append(waiting[name].pop(0))
        if not waiting[name]:
            open_names[place] = open_names[-1]
            open_names.pop()
        left -= 1
    return {name: sorted(years) for name, years in plan.items()}


def _series(path: str, drafts: list[Draft]) -> GeneratedPage:
    """A page with several reports: one without a name, one of tables alone between others, one printed twice."""
    changed = list(drafts)
    layouts = ["several reports"]
    if len(drafts) > 2:
        changed[0] = LAYOUTS["no agency"](drafts[0])
        layouts.append("inferred agency")
    for place in range(1, len(drafts) - 1):
        before, draft, after = drafts[place - 1 : place + 2]
        alone = TABLE_LAYOUTS["tables alone"](draft)
        if before.year + 1 == draft.year == after.year - 1 and len(alone.sections) == 3 and before.year > 2018:
            changed[place] = replace(
                alone, title="", preface=[line for _, body in alone.sections for line in body], sections=[]
            )
            layouts.append("inferred year")
            break
    if len(drafts) > 1:
        changed.append(drafts[-1])
        layouts.append("duplicate")
    return GeneratedPage(path, page_data([line for draft in changed for line in draft.lines()]), tuple(layouts))


def _shorter_name(draft: Draft) -> Draft:
    """The report with its agency named without the province or city before its place."""
    short = next(shorter_names(draft.agency), draft.agency)
    draft.title = draft.title.replace(draft.agency, short)
    draft.preface = [line.replace(draft.agency, short) for line in draft.preface]
    return draft


def _add(catalogue: Catalogue, batch: list[GeneratedPage]) -> None:
    with catalogue.writing():
        for page in batch:
            number = int(page.path[:5])
            source = Source(
                page.path,
                hashlib.sha256(page.data).hexdigest(),
                "text/plain",
                url=f"http://www.example.gov.cn/{page.path}" if number % 2 else None,
                site=f"site-{number}",
                captured_on=date(2024, 3, 1) if number % 2 else None,
            )
            catalogue.add(resolve_agencies(parse_source(page.data, source), catalogue.register()), page.data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a new home, or with --pages a folder for the pages alone")
    parser.add_argument("--reports", type=int, default=1600)
    parser.add_argument("--agencies", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_true", help="write the pages and add none")
    args = parser.parse_args()
    if not args.pages:
        fill(args.home, args.reports, args.agencies, args.seed)
        return
    args.home.mkdir(parents=True)
    for page in pages(args.reports, args.agencies, args.seed):
        (args.home / page.path).write_bytes(page.data)


if __name__ == "__main__":
    main()
