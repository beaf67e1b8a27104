"""Which agencies a name in a query or filter means."""

from __future__ import annotations

from collections.abc import Collection

from archive.agencies.search import find_agencies
from archive.model import Agency
from archive.text.normalize import normal_form


def meant(agencies: Collection[Agency], asked: str) -> tuple[Agency, ...]:
    """The agencies that are meant: the one with that id, else all with it in a name, else shortened or in pinyin.

    A filter is exact where it can be: a name is not taken for a shortened one while some agency has it as it stands.
    """
    form = normal_form(asked)
    found = find_agencies(asked, agencies)
    by_id = tuple(agency for agency in found if agency.id == asked)
    by_name = tuple(agency for agency in found if any(form in normal_form(name.text) for name in agency.names))
    return by_id or by_name or found
