"""Applies what a curator decided about agencies to the reports that the catalogue has."""

from __future__ import annotations

from dataclasses import replace

from archive.agencies.decisions import Decisions, Join
from archive.agencies.registry import AgencyRegistry
from archive.model import Agency, Name
from archive.store.catalogue import Catalogue
from archive.text.match import fold_alnum


def curate(catalogue: Catalogue, decisions: Decisions) -> int:
    """Renames, refuses and joins agencies; returns how many changed. Decisions that were applied change nothing."""
    if decisions == Decisions():
        return 0
    changed = 0
    with catalogue.writing():
        for agency in catalogue.agencies():
            name = decisions.name_for(agency.name)
            if decisions.refuses(agency.name):
                catalogue.reassign(agency, None)
            elif name != agency.name:
                target = AgencyRegistry(catalogue.agencies()).resolve(name, name)
                catalogue.reassign(agency, _with_years(target, name, agency))
            else:
                continue
            changed += 1
        changed += sum(_join(catalogue, join) for join in decisions.joins)
    return changed


def _with_years(target: Agency, name: str, former: Agency) -> Agency:
    """The agency with a name in use in the years of the former agency's names, beside those that it has."""
    held = {each.text: each for each in target.names if each.text not in {one.text for one in former.names}}
    years = [
        year
        for each in (*former.names, *filter(None, [held.get(name)]))
        for year in (each.first_year, each.last_year)
        if year is not None
    ]
    held[name] = Name(name, min(years, default=None), max(years, default=None))
    names = tuple(sorted(held.values(), key=lambda each: (each.first_year or 0, each.text)))
    return replace(target, name=name if target.id == former.id else target.name, names=names)


def _join(catalogue: Catalogue, join: Join) -> bool:
    earlier, later = (_known(catalogue, name) for name in (join.earlier, join.later))
    if earlier is None or later is None or earlier.id == later.id:
        return False
    catalogue.join(earlier, later, join.since)
    return True


def _known(catalogue: Catalogue, name: str) -> Agency | None:
    """The agency with an id, or the only one with exactly this name."""
    if found := catalogue.agency(name):
        return found
    wanted = fold_alnum(name)
    named = [each for each in catalogue.agencies() if wanted in {fold_alnum(one.text) for one in each.names}]
    return named[0] if len(named) == 1 else None
