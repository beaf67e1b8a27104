"""Reads what a curator decided about agencies (`HOME/agencies.toml`), and applies it to the names on a page.

[[rename]]
printed = "特公布某市电业局"
name = "某市电业局"

[[refuse]]
printed = "某某活动中心"

[[join]]
earlier = "某市卫生局"
later = "某市卫生健康委员会"
from = 2019
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.errors import InvalidRequest
from archive.model import Reading, Report, SourceSpan
from archive.notices import notice
from archive.text.match import fold_alnum

FILE_NAME = "agencies.toml"
# The keys of each kind of decision; each may have a `reason`.
_KEYS = {"rename": {"printed", "name"}, "refuse": {"printed"}, "join": {"earlier", "later", "from"}}


@dataclass(frozen=True, slots=True)
class Join:
    """Two agencies that are one, by name or id: since the report year `since` it has the later names."""

    earlier: str
    later: str
    since: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a curator. Names are compared folded; `renamed` has the name for each one that was read."""

    renamed: dict[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    joins: tuple[Join, ...] = ()

    def name_for(self, name: str) -> str:
        return self.renamed.get(fold_alnum(name), name)

    def refuses(self, name: str) -> bool:
        return fold_alnum(name) in self.refused


def read_decisions(home: Path) -> Decisions:
    """The decisions in the file of a home, none without the file.

    Raises:
        InvalidRequest: the file is no TOML, or has another key, a missing one or a value of another type.
    """
    path = home / FILE_NAME
    if not path.is_file():
        return Decisions()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, str(error)) from error
    for kind, rows in content.items():
        if kind not in _KEYS or not isinstance(rows, list):
            raise _invalid(path, kind)
        for number, row in enumerate(rows, 1):
            _check(path, kind, number, row)
    rename, refuse, join = (content.get(kind, []) for kind in _KEYS)
    return Decisions(
        {fold_alnum(row["printed"]): row["name"] for row in rename},
        frozenset(fold_alnum(row["printed"]) for row in refuse),
        tuple(Join(row["earlier"], row["later"], row["from"]) for row in join),
    )


def _check(path: Path, kind: str, number: int, row: Any) -> None:
    where = f"[[{kind}]] {number}"
    if not isinstance(row, dict) or not _KEYS[kind] <= row.keys() <= _KEYS[kind] | {"reason"}:
        raise _invalid(path, f"{where}: {', '.join(sorted(_KEYS[kind]))}")
    for key, value in row.items():
        if type(value) is not (int if key == "from" else str) or not value or (isinstance(value, int) and value < 1):
            raise _invalid(path, f"{where}.{key}")


def _invalid(path: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        f"{path} 中的机关整理记录有误（{reason}）。请按文档改正后重试。",
        f"The decisions about agencies in {path} are invalid ({reason}). Correct the file as documented and try again.",
    )


def decided(reading: Reading, decisions: Decisions) -> Reading:
    """The reading, before its agencies are resolved, with the names as decided; a refused name leaves a notice."""
    change = functools.partial(_decided, decisions=decisions)
    return replace(reading, reports=tuple(map(change, reading.reports)))


def _decided(report: Report, decisions: Decisions) -> Report:
    if report.agency_name is None:
        return report
    if decisions.refuses(report.agency_name):
        refused = notice("agency_refused", SourceSpan(report.place.first_line), printed=report.agency_name)
        return replace(without_agency(report), notices=(*report.notices, refused))
    return renamed(report, decisions.name_for(report.agency_name))


def renamed(report: Report, name: str) -> Report:
    """The report with another name of its agency; what was printed is what a curator says that it prints."""
    return replace(report, agency_name=name, agency_as_printed=report.agency_as_printed and name)


def without_agency(report: Report) -> Report:
    """The report without its printed agency: that of `source.toml`, if it names one, or none."""
    given = report.source.agency
    return replace(report, agency_name=given, agency_as_printed=None, agency_basis="given" if given else "unknown")
