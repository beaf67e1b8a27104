"""Finds the one agency or report that an input names, or lists those that it can mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from archive.agencies.name_search import AgencySearch
from archive.agencies.name_tolerance import Tolerance
from archive.errors import Ambiguous, NotFound
from archive.model import UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME, Agency, Report
from archive.text.match import fold

# Agencies named in an error message.
_MOST_NAMED = 5
_LONGEST_SHOWN = 60

TOLERANCE_NAMES: dict[Tolerance, tuple[str, str]] = {
    "alias": ("别称", "another usual name"),
    "order": ("次序不同", "another order"),
    "homophone": ("同音字", "a homophone"),
    "character": ("一字之差", "one character differs"),
}
"""The tolerated differences in Chinese and in English."""


class ReportSource(Protocol):
    """Agencies with their reports, as the catalogue provides them."""

    def agency(self, agency_id: str, /) -> Agency | None: ...
    def agencies(self) -> Sequence[Agency]: ...
    def report(self, agency: str, key: str, /) -> Report | None: ...
    def moved(self, agency: str, key: str, /) -> Report | None: ...
    def keys(self, agency: str, /) -> Sequence[str]: ...


def one_agency(wanted: str, agencies: Sequence[Agency]) -> Agency:
    """The agency that a word matches best; never one with a tolerated difference.

    Raises:
        GongkaiError: if no agency or several equally good ones match; the message names agencies, those with a
            tolerated difference as "did you mean".
    """
    search = AgencySearch(agencies)
    matches = search.find(wanted)
    shown = wanted[:_LONGEST_SHOWN]
    best = [match.agency for match in matches if match.rank == matches[0].rank]
    if len(best) == 1:
        return best[0]
    if best:
        zh, en = _listed(best)
        raise Ambiguous(
            f"“{shown}”可以指几个机关：{zh}。请写全名或编号。",
            f"“{shown}” can mean several agencies: {en}. Give the whole name or the id.",
        )
    zh, en = f"没有叫“{shown}”的机关。", f"No agency is called “{shown}”. "
    if similar := search.find_similar(wanted)[:_MOST_NAMED]:
        differences = [TOLERANCE_NAMES[match.tolerance] for match in similar if match.tolerance]
        listed_zh, listed_en = _listed([match.agency for match in similar], differences)
        raise NotFound(f"{zh}您是不是找：{listed_zh}？", f"{en}Did you mean: {listed_en}?")
    listed_zh, listed_en = _listed(agencies)
    raise NotFound(
        zh + (f"档案里有：{listed_zh}。" if agencies else "档案里还没有已知机关的报告，请先 gongkai add。"),
        en
        + (
            f"The archive has: {listed_en}."
            if agencies
            else "The archive has no report of a known agency; begin with gongkai add."
        ),
    )


def _listed(agencies: Sequence[Agency], differences: Sequence[tuple[str, str]] = ()) -> tuple[str, str]:
    """The first agencies with their ids and their differences, and the number of all, in Chinese and in English."""
    notes = [*differences, *[("", "")] * len(agencies)]
    named = [*zip(agencies, notes, strict=False)][:_MOST_NAMED]
    zh = "、".join(f"{each.name}（{each.id}{f'，{note}' if note else ''}）" for each, (note, _) in named)
    en = ", ".join(f"{each.name} ({each.id}{f', {note}' if note else ''})" for each, (_, note) in named)
    if (count := len(agencies)) > _MOST_NAMED:
        return f"{zh} 等 {count:,} 个", f"{en} … ({count:,} in all)"
    return zh, en


def one_report(agency: str, year: str, catalogue: ReportSource) -> Report:
    """The report of the agency that a word matches, by its year (also `２０１８` and `2018年`) or key (`undated-…`).

    `unknown` and 机关不详 stand for the agencies that are not known, if the archive has reports of such.

    Raises:
        GongkaiError: if the word does not match one agency, or the agency has no report on the year.
    """
    if agency in (UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME) and catalogue.keys(UNKNOWN_AGENCY):
        found = Agency(UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME)
    else:
        found = catalogue.agency(agency) or one_agency(agency, catalogue.agencies())
    key = fold(year).strip().removesuffix("年")
    report = catalogue.report(found.id, key) or catalogue.moved(found.id, key)
    if report is None:
        keys = catalogue.keys(found.id)
        zh, en = (f"{key}年", key) if re.fullmatch("[0-9]{4}", key) else (f"“{year[:60]}”", f"“{year[:60]}”")
        raise NotFound(
            f"{found.name}没有{zh}的报告。档案里有：{'、'.join(keys)}。",
            f"{found.name} has no report on {en}. The archive has: {', '.join(keys)}.",
        )
    return report
