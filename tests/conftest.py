"""Fixtures for the tests of more than one package, and the marker of the browser tests."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.cluster.fixtures import cluster, index_address  # noqa: F401 (fixtures; imported twice, they would start twice)

# No example fails because the machine is busy: the number of examples bounds the work.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

pytest_plugins = ["tests.cluster.postgresql"]

BROWSER = Path(__file__).parent / "browser"
CLUSTER_SECONDS = 1200
"""The first test of a cluster downloads and starts it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("cluster") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(CLUSTER_SECONDS))


@pytest.fixture
def many_files() -> Iterator[None]:
    """Opens 1,100 files, as a large index does, because `select()` fails on descriptors above 1,023."""

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("the system lets a process open no more than a thousand files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    with ExitStack() as opened:
        for _ in range(1100):
            opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
