"""How well pages are read, in the measures by which reading is judged: shares found, and how many are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from archive.model import Reading
from archive.text.match import fold_alnum

# A plan under a heading that speaks of problems, and the other way round, are judged alike.
_ALIKE = ({"plan", "problems"},)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a page says: `headings` with their codes, in order; `figures` by name; None where the page does not say."""

    is_report: bool = True
    year: int | None = None
    agency: str | None = None
    headings: Sequence[tuple[str, str]] = ()
    figures: Mapping[str, str] = field(default_factory=dict)


def score(reading: Reading | None, truth: Truth) -> tuple[Counter[str], list[str]]:
    """Counts of what was there and what was found right or wrong on one page, and the misses in words."""
    reports = reading.reports if reading else ()
    counts = Counter(pages=1, read=reading is not None and bool(reports) == truth.is_report)
    if not truth.is_report:
        counts["false_reports"] += bool(reports)
        return counts, ["taken for a report"] if reports else []
    said = [] if reports else ["no report found"]
    sections = [(s.heading, s.code) for report in reports for s in report.sections if s.heading]
    wanted, found = [fold_alnum(name) for name, _ in truth.headings], [fold_alnum(name) for name, _ in sections]
    counts.update(headings=len(wanted), headings_found=len(found))
    matched_found: set[int] = set()
    for block in SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            (name, code), (_, got) = truth.headings[block.a + step], sections[block.b + step]
            matched_found.add(block.b + step)
            right = code == got or {code, got} in _ALIKE
            counts.update(headings_right=1, codes_right=right)
            said += [] if right else [f"{name}: {got}, not {code}"]
    said += [f"missed {name}" for name, _ in truth.headings if fold_alnum(name) not in found]
    said += [f"extra {sections[index][0]}" for index in range(len(found)) if index not in matched_found]
    years = {report.year for report in reports}
    if truth.year is not None:
        counts.update(years=1, years_right=truth.year in years)
        counts["years_wrong"] += truth.year not in years and bool(years - {None})
    else:
        counts["years_wrong"] += any(report.year and report.year_basis == "printed" for report in reports)
    if truth.year not in years | {None}:
        said.append(f"year {years}, not {truth.year}")
    elif truth.year is None and counts["years_wrong"]:
        said.append(f"year {years} where none is printed")
    if truth.agency:
        names = [fold_alnum(report.agency_as_printed or "") for report in reports]
        right = fold_alnum(truth.agency) in names
        counts.update(agencies=1, agencies_right=right)
        said += [] if right else [f"agency {names}, not {truth.agency}"]
    figures = {f.name: f.value for report in reports for f in report.figures if f.basis == "table"}
    for name, value in truth.figures.items():
        number = figures.get(name)
        right = number is not None and str(number) == value
        counts.update(figures=1, figures_right=right, figures_wrong=number is not None and not right)
        said += [] if right else [f"{name} {number}, not {value}"]
    return counts, said


def measures(counts: Mapping[str, int]) -> dict[str, float]:
    """The shares, to four places, and the numbers of wrong years, wrong figures and false reports."""

    def share(part: str, whole: str) -> float:
        return int(10_000 * counts.get(part, 0) / max(counts.get(whole, 0), 1)) / 10_000

    return {
        "pages_read": share("read", "pages"),
        "heading_recall": share("headings_right", "headings"),
        "heading_precision": share("headings_right", "headings_found"),
        "section_codes": share("codes_right", "headings_right"),
        "years": share("years_right", "years"),
        "agencies": share("agencies_right", "agencies"),
        "figures": share("figures_right", "figures"),
        "years_wrong": counts.get("years_wrong", 0),
        "figures_wrong": counts.get("figures_wrong", 0),
        "false_reports": counts.get("false_reports", 0),
    }
