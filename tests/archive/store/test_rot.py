"""One flipped bit anywhere in a catalogue: the same answers, or an error of the family, and `verify` finds it.

Of the file of SQLite; the files of PostgreSQL belong to its server.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.store.catalogue import Catalogue
from archive.store.verify import verify_catalogue
from tests.archive.store.test_damaged_records import FIRST, SECOND

FLIPS = 300
SEED = 12


def answers(home: Path) -> tuple[object, ...]:
    with Catalogue.open(home) as catalogue:
        return (
            [*catalogue.shown()],
            catalogue.notices(),
            [*catalogue.figures()],
            catalogue.coverage(),
            catalogue.agencies(),
        )


def damage(home: Path) -> list[str]:
    try:
        return [each.en for each in verify_catalogue(home, lambda *_: None)]
    except GongkaiError as error:
        return [error.en]


@pytest.mark.slow
def test_no_flipped_bit_is_silent(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        for reading in (FIRST, SECOND):
            catalogue.add(*reading)
    path, expected = tmp_path / "catalogue.sqlite", answers(tmp_path)
    whole = path.read_bytes()
    chance, errors = random.Random(SEED), 0  # noqa: S311
    for _ in range(FLIPS):
        content, place = bytearray(whole), chance.randrange(len(whole))
        content[place] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        try:
            same = answers(tmp_path) == expected
        except GongkaiError:
            same, errors = False, errors + 1
        assert same or damage(tmp_path), f"bit flipped in byte {place}"
        path.write_bytes(whole)
    assert errors > FLIPS // 20
