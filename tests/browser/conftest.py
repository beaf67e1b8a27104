"""One server and one browser for all tests of this folder; without a browser they are skipped, in CI they fail."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.browser.serving import CORPUS, NAMES, SWITCHES, chromium, gongkai, serving
from tests.webui.model_reports import ORIGINAL, READING

expect.set_options(timeout=30_000)  # milliseconds: a busy machine takes longer than the five seconds of the default

REQUIRED = "GONGKAI_BROWSER"
"""The variable by which CI says that there is a browser, so that not finding it is a failure."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        refuse = pytest.fail if os.environ.get(REQUIRED) else pytest.skip
        refuse(f"no browser on this machine: none of {', '.join(NAMES)}")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=SWITCHES) as launched:
        yield launched


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site over the corpus that ships and, beside it, the model reports with all their oddities."""
    home = tmp_path_factory.mktemp("home")
    subprocess.run(gongkai(home, "add", CORPUS), check=True, capture_output=True)  # noqa: S603
    with Catalogue.open(home) as catalogue:
        catalogue.add(READING, ORIGINAL)
        build_index(home, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    with serving(home) as address:
        yield address


@pytest.fixture(scope="session")
def original_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site over the page that ships, as HTML in GB18030 with a script and an image of another site."""
    folder = tmp_path_factory.mktemp("original")
    lines = next(CORPUS.glob("*/page.txt")).read_text("utf-8").splitlines()
    markup = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    script = (
        "<script>document.title = 'run'</script><a href='http://example.com/'><img src='http://example.com/a.png'></a>"
    )
    page = folder / "page.html"
    page.write_bytes(f"<html><head><meta charset=gb2312></head><body>{script}{markup}</body></html>".encode("gb18030"))
    for command in (("add", page), ("index",)):
        subprocess.run(gongkai(folder / "home", *command), check=True, capture_output=True)  # noqa: S603
    with serving(folder / "home") as address:
        yield address
