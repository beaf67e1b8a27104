"""What must hold of a home whatever happened to the processes that wrote to it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.model import UNKNOWN_AGENCY
from archive.store.catalogue import Catalogue
from archive.store.verify import verify_catalogue, verify_originals

_HASH = re.compile("[0-9a-f]{64}")


def problems(home: Path, *, reports_on_every_page: bool = True) -> list[str]:
    """Everything that is wrong with the originals and the catalogue of a home; a home with neither is right."""
    database = home / "catalogue.sqlite"
    if not database.exists():
        return [f"original without catalogue: {path}" for path in originals(home)]
    orphans = _pages_without_reports(database) if reports_on_every_page else []
    return [*_torn(home), *_database(home, database), *_records(home), *orphans]


def originals(home: Path) -> list[Path]:
    return [path for path in (home / "originals").rglob("*") if path.is_file()]


def _torn(home: Path) -> list[str]:
    """Files that are not what their names say: torn originals, and temporary files."""
    return [
        f"no original: {path}"
        for path in originals(home)
        if not _HASH.fullmatch(path.name) or hashlib.sha256(path.read_bytes()).hexdigest() != path.name
    ]


def _database(home: Path, database: Path) -> list[str]:
    """The database by itself, without the program."""
    found = []
    with closing(sqlite3.connect(database)) as connection:
        for check in ("integrity_check", "foreign_key_check"):
            found += [f"{check}: {row}" for row in connection.execute(f"PRAGMA {check}") if row != ("ok",)]
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"sources", "reports"} <= tables:
            return found
        for (sha256,) in connection.execute("SELECT sha256 FROM sources"):
            if not (home / "originals" / sha256[:2] / sha256).exists():
                found.append(f"source without original: {sha256}")
    return found


def _pages_without_reports(database: Path) -> list[str]:
    orphans = "SELECT sha256 FROM sources WHERE sha256 NOT IN (SELECT sha256 FROM reports)"
    with closing(sqlite3.connect(database)) as connection:
        if not [*connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sources'")]:
            return []
        return [f"page without report: {sha256}" for (sha256,) in connection.execute(orphans)]


def _records(home: Path) -> list[str]:
    """The archive as the program reads it: every report loads, and `gongkai verify` finds nothing."""
    with Catalogue.open(home) as catalogue:
        known = {UNKNOWN_AGENCY, *(agency.id for agency in catalogue.agencies())}
        found = [f"unknown agency: {report.agency}" for report in catalogue.shown() if report.agency not in known]
        catalogue.coverage()
    for check in (verify_originals, verify_catalogue):
        found += [damage.en for damage in check(home, lambda *_: None)]
    return found
