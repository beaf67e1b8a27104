"""Fixtures of the attacks, and their marker: `attack` in the long form, `slow` in the short one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.attack.archives import write_pages
from tests.attack.processes import Launcher
from tests.attack.results import Results
from tests.attack.scale import IS_LONG, seeded

PAGES = 24
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.attack if IS_LONG else pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(14_400 if IS_LONG else 1_800), append=False)
            if sys.platform != "linux":
                item.add_marker(pytest.mark.skip(reason="the processes of an attack are found in /proc"))


@pytest.fixture(scope="module")
def launchers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Launcher]]:
    """Starts launchers; ends them and everything that they started."""
    with ExitStack() as started:

        def start(*homes: Path) -> Launcher:
            launcher = Launcher(tmp_path_factory.mktemp("launcher"), *homes)
            started.callback(launcher.close)
            return launcher

        yield start


@pytest.fixture(scope="module")
def launcher(launchers: Callable[..., Launcher]) -> Launcher:
    return launchers()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, launcher: Launcher) -> Path:
    """A home with an index; tests that write to it are alone in their module."""
    folder = tmp_path_factory.mktemp("filled")
    pages = write_pages(folder / "pages", PAGES, seeded(PAGES))
    for command in (["add", pages], ["index"]):
        assert launcher.run("--home", folder / "home", *command).code == 0
    return folder / "home"


@pytest.fixture(scope="module")
def warm_launcher(filled: Path, launchers: Callable[..., Launcher]) -> Launcher:
    """A launcher whose commands need not load the dictionary."""
    return launchers(filled)


@pytest.fixture
def results_of() -> Iterator[Callable[[str], Results]]:
    """Counts of attacks; they are recorded if the test passes."""
    made: list[Results] = []

    def make(attack: str) -> Results:
        made.append(Results(attack))
        return made[-1]

    yield make
    for results in made:
        results.write()
