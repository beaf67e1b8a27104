"""The numbers of sections: in the order of the archive, with room for reports that are inserted later."""

from __future__ import annotations

import pytest

from archive.store.listing import ListedReport
from indexer.engines.opensearch.build.held_reports import HeldReport, placed

FAR = 1 << 28
ROOM = 1 << 16


def held(place: int, sections: int = 10) -> HeldReport:
    return HeldReport("digest", "content", place, sections, {})


def nothing() -> None:
    raise AssertionError("a report is not read to be placed")


CASES = [
    ("abc", {}, {"a": (FAR, FAR), "b": (2 * FAR, FAR), "c": (3 * FAR, FAR)}, True, "a new index"),
    ("ab", {"a": held(FAR), "b": held(2 * FAR)}, {}, True, "nothing is missing"),
    ("abc", {"a": held(FAR), "c": held(2 * FAR)}, {"b": (FAR + 10, ROOM)}, True, "one is inserted"),
    ("abcd", {"a": held(0), "d": held(5010)}, {"b": (10, 2500), "c": (2510, 2500)}, True, "two share the room"),
    ("ab", {"b": held(FAR)}, {"a": (0, ROOM)}, True, "one comes first"),
    ("ab", {"a": held(FAR)}, {"b": (2 * FAR + 10, FAR)}, True, "one comes last"),
    ("abc", {"a": held(0), "c": held(1000)}, {"b": (10, 990)}, False, "too little room"),
    ("ab", {"a": held(2 * FAR), "b": held(FAR)}, {}, False, "another order"),
    ("ab", {"a": held(0, 10), "b": held(5)}, {}, False, "the sections of two reports overlap"),
]


@pytest.mark.parametrize(
    ("archive", "kept", "expected", "fits"), [row[:4] for row in CASES], ids=[row[4] for row in CASES]
)
def test_places(archive: str, kept: dict[str, HeldReport], expected: dict[str, tuple[int, int]], fits: bool) -> None:  # noqa: FBT001
    wanted = [(ListedReport(address, "", nothing), "digest") for address in archive]  # type: ignore[arg-type]
    missing, has_room = placed(wanted, kept)
    assert {each.listed.address: (each.place, each.room) for each in missing} == expected
    assert has_room == fits
