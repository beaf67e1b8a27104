"""Maps names to agencies, with one lookup for each name.

Two names are one agency if `rules/agencies.toml` says so, or if they differ only by the province or city before them.
All other names are different agencies: merging two agencies would be worse than keeping two entries for one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from archive.cues.agency_names import kind_of, ruled_agencies, same_name, slug_of
from archive.cues.divisions import is_vague, level_of, place_of, shorter_names
from archive.model import Agency, Name
from archive.text.match import fold_alnum


class AgencyRegistry:
    """Agencies by their names: those in the rules and those that were added."""

    def __init__(self, agencies: Iterable[Agency] = ()) -> None:
        self._agencies: dict[str, Agency] = {}
        # ordered sets of ids by folded name, and by folded name without the province or city
        self._named: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._shortened: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for agency in (*ruled_agencies(), *agencies):
            self.add(agency)

    def add(self, agency: Agency) -> None:
        """Adds an agency with all its names, or replaces the one with its id."""
        self._agencies[agency.id] = agency
        for name in agency.names:
            self._named[fold_alnum(name.text)][agency.id] = None
            for short in shorter_names(name.text):
                self._shortened[short][agency.id] = None

    def has_name(self, agency: str, name: str | None) -> bool:
        """Whether an agency is known by its id, and has exactly this name, if one is given."""
        known = self._agencies.get(agency)
        return known is not None and (name is None or any(each.text == name for each in known.names))

    def resolve(self, name: str, salt: str) -> Agency:
        """The known agency with a name, or else a new one, which is not added.

        Args:
            name: as printed.
            salt: the site or page of the name, which distinguishes agencies with one vague name (`市水利局`).
        """
        slug = slug_of(name)
        if is_vague(name):
            slug = f"{slug}-{_digest(salt)}"
            known = self._agencies.get(slug)
        else:
            exact = next(iter(self._named.get(fold_alnum(name), ())), None)
            alike = self.alike(name)
            known = self._agencies[exact] if exact else alike[0] if len(alike) == 1 else None
        if known:
            return known
        if slug in self._agencies:
            slug = f"{slug}-{_digest(name)}"  # 山西省教育厅 and 陕西省教育厅 have the same pinyin
        return Agency(slug, name, (Name(name),), place_of(name), level_of(name), kind_of(name))

    def alike(self, name: str) -> list[Agency]:
        """The agencies that can have a name: 朝阳区教育局 can be 北京市朝阳区教育局 or 长春市朝阳区教育局."""
        ids = self._named.get(fold_alnum(name), {}) | self._shortened.get(fold_alnum(name), {})
        for short in shorter_names(name):
            ids |= self._named.get(short, {})
        return [agency for agency in map(self._agencies.__getitem__, ids) if _can_have(name, agency)]


def _can_have(name: str, agency: Agency) -> bool:
    """Whether an agency can have a name: one named 朝阳区教育局 and 北京市朝阳区教育局 is not 长春市朝阳区教育局."""
    names = [each.text for each in agency.names]
    same = [fold_alnum(each) for each in names if same_name(name, each)]
    if not same:
        return False
    return all(same_name(name, each) for each in names if fold_alnum(each).endswith(min(same, key=len)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
