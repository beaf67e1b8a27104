"""A process killed in the middle of `add` leaves the state before it or the state after it, in PostgreSQL, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.store.catalogue import Catalogue
from tests.archive.store.test_kill import FIRST, SECOND, add_and_die, before_statements, state
from tests.cluster.postgresql import Server

pytestmark = pytest.mark.cluster
STEP = 4
"""Statements between two kills, so that the test takes a minute; 2 moments are a statement."""


@pytest.mark.timeout(900)
def test_the_state_before_or_the_state_after(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def home(name: str) -> Path:
        monkeypatch.setenv("GONGKAI_CATALOGUE", postgresql.url(postgresql.new_schema()))
        with Catalogue.open(tmp_path / name) as catalogue:
            catalogue.add(*FIRST)
        return tmp_path / name

    start = home("start")
    before = state(start)
    with Catalogue.open(start) as catalogue:
        catalogue.add(*SECOND)
    after = state(start)
    seen = []
    for moment in range(0, 10_000, STEP):
        killed = add_and_die(home(f"{moment}"), before_statements, moment)
        found = state(tmp_path / f"{moment}")
        assert found in (before, after), f"killed at moment {moment}"
        seen.append(found == after)
        with Catalogue.open(tmp_path / f"{moment}") as catalogue:
            catalogue.add(*SECOND)
        assert state(tmp_path / f"{moment}") == after, "what a kill left can be added to"
        if not killed:
            break
    assert len(seen) > 5
    assert seen == sorted(seen), "once there, it stays"
    assert (seen[0], seen[-1]) == (False, True)
