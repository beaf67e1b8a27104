"""The agencies that are known, each found by its names at once, however many there are.

Names that are one agency stand in `rules/agencies.toml`; names that differ only by the province or city before them
are one agency as well. Everything else is an agency of its own: two agencies taken for one would be worse.
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
    """Agencies by their names: those that the rules know, and whatever is added."""

    def __init__(self, agencies: Iterable[Agency] = ()) -> None:
        self._agencies: dict[str, Agency] = {}
        # ids, in the order in which they were added, by a bare name, and by what one is called without its province
        self._named: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._shortened: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for agency in (*ruled_agencies(), *agencies):
            self.add(agency)

    def add(self, agency: Agency) -> None:
        """Takes an agency, with all its names, in place of what was known under its id."""
        self._agencies[agency.id] = agency
        for name in agency.names:
            self._named[fold_alnum(name.text)][agency.id] = None
            for short in shorter_names(name.text):
                self._shortened[short][agency.id] = None

    def resolve(self, name: str, salt: str) -> Agency:
        """The agency of that name: one that is known, or else a new one, which is not added.

        Args:
            name: as printed.
            salt: tells two agencies of one vague name (`市水利局`) apart: the site, or the page, that it stands on.
        """
        slug = slug_of(name)
        if is_vague(name):
            slug = f"{slug}-{_digest(salt)}"
            fitting = self._agencies.get(slug)
        else:
            exact = next(iter(self._named.get(fold_alnum(name), ())), None)
            alike = self.alike(name)
            fitting = self._agencies[exact] if exact else alike[0] if len(alike) == 1 else None
        if fitting:
            return fitting
        if slug in self._agencies:
            slug = f"{slug}-{_digest(name)}"  # 山西省教育厅 and 陕西省教育厅 are spelled alike
        return Agency(slug, name, (Name(name),), place_of(name), level_of(name), kind_of(name))

    def alike(self, name: str) -> list[Agency]:
        """The agencies that may have that name: 朝阳区教育局 may be 北京市朝阳区教育局 and 长春市朝阳区教育局."""
        found = self._named.get(fold_alnum(name), {}) | self._shortened.get(fold_alnum(name), {})
        for short in shorter_names(name):
            found |= self._named.get(short, {})
        return [agency for agency in map(self._agencies.__getitem__, found) if _goes_by(name, agency)]


def _goes_by(name: str, agency: Agency) -> bool:
    """Whether an agency has that name: what was 朝阳区教育局 and 北京市朝阳区教育局 is not 长春市朝阳区教育局."""
    names = [each.text for each in agency.names]
    same = [fold_alnum(each) for each in names if same_name(name, each)]
    rivals = [each for each in names if same and fold_alnum(each).endswith(min(same, key=len))]
    return bool(same) and all(same_name(name, each) for each in rivals)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
