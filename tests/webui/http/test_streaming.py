"""A download that fails at its beginning is an error page, one that fails later breaks off; both free their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response

from archive.errors import DamagedRecord
from webui import data_access
from webui.app import create_app
from webui.http.streaming import streamed

LINE = "行\n" * 1000


def pieces(whole: int) -> Iterator[str]:
    yield from [LINE] * whole
    raise DamagedRecord("已损坏", "damaged")


@pytest.fixture
def app(home: Path) -> Flask:
    app = create_app(home, files_at_once=1)

    @app.get("/test/<int:whole>")
    def test_file(whole: int) -> Response:
        return streamed(pieces(whole), "text/csv", "test.csv")

    return app


@pytest.mark.parametrize("whole", [0, 1, 20])
def test_an_error_at_the_beginning_is_a_page(app: Flask, whole: int) -> None:
    for _ in range(2):  # one export at a time: the first must not keep the place
        response = app.test_client().get(f"/test/{whole}")
        assert response.status_code == 503 and "已损坏" in response.text
        assert "Content-Disposition" not in response.headers


def test_an_error_later_breaks_off(app: Flask) -> None:
    for _ in range(2):
        response = app.test_client().get("/test/1000")
        assert response.status_code == 200
        with pytest.raises(DamagedRecord):
            response.get_data()
        response.close()


def test_every_piece_is_sent_in_order(home: Path) -> None:
    app = create_app(home, files_at_once=1)
    app.add_url_rule("/test", view_func=lambda: streamed((f"{number}\n" for number in range(100_000)), "text/csv"))
    for _ in range(2):
        with app.test_client().get("/test") as response:
            assert [*map(int, response.text.split())] == [*range(100_000)]


@pytest.mark.parametrize("takes_all", [True, False], ids=["to the end", "the client disconnects"])
def test_the_catalogue_stays_open_until_the_stream_ends(home: Path, *, takes_all: bool) -> None:
    """Flask ends the request before the pieces behind the beginning are made."""
    app, opened = create_app(home), []

    @app.get("/test")
    def test_file() -> Response:
        catalogue = data_access.catalogue()
        opened.append(catalogue._connection)
        return streamed((f"{catalogue.revision}{LINE}" for _ in range(1000)), "text/csv")

    with app.test_client().get("/test") as response:
        if takes_all:
            assert response.text.count("\n") == 1_000_000
    assert opened[0].closed
