"""The site over an archive of the model reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.model import Reading
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.like_agencies import fill
from tests.webui.crowd_reports import READING as CROWD
from tests.webui.model_reports import ORIGINAL, READING
from tests.webui.placed_reports import READING as PLACED
from webui.app import create_app


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _filled(tmp_path_factory.mktemp("home"), READING)


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an archive with more of everything than a page shows."""
    return _filled(tmp_path_factory.mktemp("crowded"), CROWD)


def _filled(path: Path, reading: Reading) -> Path:
    with Catalogue.open(path) as catalogue:
        catalogue.add(reading, ORIGINAL)
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path


@pytest.fixture(scope="session")
def app(home: Path) -> Flask:
    return create_app(home, files_at_once=1000)  # tests do not read every file to its end


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def crowd(crowded: Path) -> FlaskClient:
    return create_app(crowded).test_client()


@pytest.fixture(scope="session")
def placed_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over agencies of several divisions."""
    return create_app(_filled(tmp_path_factory.mktemp("placed"), PLACED), files_at_once=1000)


@pytest.fixture
def placed(placed_app: Flask) -> FlaskClient:
    return placed_app.test_client()


@pytest.fixture(scope="session")
def alike_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over agencies whose names resemble one another."""
    return create_app(fill(tmp_path_factory.mktemp("alike")))


@pytest.fixture
def alike(alike_app: Flask) -> FlaskClient:
    return alike_app.test_client()
