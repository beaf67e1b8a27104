"""`/status` and `/api/status`: catalogue and index; the queue is tested with PostgreSQL in tests/cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING
from webui.app import create_app


def test_an_archive_with_its_index(client: FlaskClient) -> None:
    status = client.get("/api/status").json
    assert status is not None
    assert (status["catalogue"]["database"], status["jobs"], status["index_problem"]) == ("sqlite", None, None)
    assert status["index"]["is_current"]
    assert status["index"]["as_of"]["reports"] == status["catalogue"]["reports"] > 0
    page = soup(client, "/en/status")
    rows = {row.th.get_text(): row.td.get_text() for row in page.select("table tr") if row.th and row.td}
    assert (rows["Database"], rows["State"]) == ("SQLite", "up to date")
    assert "there is no queue of jobs" in page.get_text()


@pytest.mark.parametrize("address", ["/status", "/en/status", "/api/status"])
def test_the_state_is_never_a_cached_one(tmp_path: Path, address: str) -> None:
    client = create_app(tmp_path).test_client()
    first = client.get(address)
    assert first.status_code == 200 and "gongkai index" in first.text, "without an index, it says what to do"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
    answer = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200 and answer.text != first.text
