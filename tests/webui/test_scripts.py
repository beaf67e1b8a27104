"""Scripts are optional: small files, one vendored library, and no page that needs them."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

STATIC = files("webui").joinpath("static")
OURS = sorted(entry.name for entry in STATIC.iterdir() if entry.name.endswith(".js"))
VENDORED = tomllib.loads(STATIC.joinpath("vendor", "vendor.toml").read_text("utf-8"))["file"]


def test_files_of_others_are_as_published() -> None:
    folder = STATIC.joinpath("vendor")
    for file in VENDORED:
        assert hashlib.sha256(folder.joinpath(file["name"]).read_bytes()).hexdigest() == file["sha256"]
        assert all(folder.joinpath(name).is_file() for name in file["licence"])
    named = {name for file in VENDORED for name in (file["name"], *file["licence"])}
    assert {entry.name for entry in folder.iterdir()} == {*named, "vendor.toml"}, "each file says whose it is"


@pytest.mark.parametrize("name", OURS)
def test_a_script_of_ours_does_one_thing(name: str) -> None:
    text = STATIC.joinpath(name).read_text("utf-8")
    assert text.startswith("// "), "it says what it is for"
    assert len(text.splitlines()) < 150
    for forbidden in ("innerHTML", "eval(", "http://", "https://", "document.write", 'setAttribute("style"'):
        assert forbidden not in text


def test_every_script_is_on_some_page_and_nothing_runs_inline(client: FlaskClient) -> None:
    found = set()
    for address in PAGES:
        page = BeautifulSoup(client.get(address, headers={"Accept-Language": "en"}).text, "lxml")
        assert not page.select("script:not([src]), style, [style], [onclick]"), address
        for script in page.select("script"):
            assert script["type"] == "module"  # which waits for the page, and old browsers pass over
            with client.get(str(script["src"])) as response:
                assert response.status_code == 200 and "immutable" in response.headers["Cache-Control"]
            stem, _, suffix = str(script["src"]).removeprefix("/static/").split(".")
            found.add(f"{stem}.{suffix}")
    assert found == set(OURS)


PAGES = (
    "/",
    "/search?q=公开",
    "/search/advanced",
    "/trends?q=公开",
    "/figures?table=measures",
    "/aggregates",
    "/agencies",
    "/agencies/yunxi-shui-wu-ju",
    "/reports/yunxi-shui-wu-ju/2016?q=公开",
    "/reports/yunxi-shui-wu-ju/2016/cite",
    "/basket",
    "/history",
    "/reports/yunxi-shui-wu-ju/2016/original/view",
)
