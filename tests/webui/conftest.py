"""The site over an archive of the model reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from site_reports import ORIGINAL, READING

from archive import Catalogue
from indexer import build_index
from webui import create_app


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    with Catalogue.open(path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path


@pytest.fixture(scope="session")
def app(home: Path) -> Flask:
    return create_app(home, files_at_once=1000)  # tests do not read every file to its end


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
