"""Agencies that a query names are looked up in names that are prepared once for each index."""

from __future__ import annotations

import pytest

from archive.agencies.name_search import AgencySearch
from archive.model import Agency
from indexer.query import values
from indexer.query.values import agencies_meant


def test_the_names_of_several_indexes_are_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[AgencySearch] = []

    def prepare(agencies: list[Agency]) -> AgencySearch:
        prepared.append(AgencySearch(agencies))
        return prepared[-1]

    monkeypatch.setattr(values, "AgencySearch", prepare)
    indexes = [{f"a{number}": Agency(f"a{number}", f"{place}教育局")} for number, place in enumerate(("甲县", "乙县"))]
    for _ in range(2):  # a process with two homes asks them in turn
        for number, agencies in enumerate(indexes):
            assert agencies_meant(agencies, f"a{number}") == (agencies[f"a{number}"],)
    assert len(prepared) == len(indexes)
