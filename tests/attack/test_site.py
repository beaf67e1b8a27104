"""Random requests to the site and its API: no status 5xx but 503, no traceback, no text of a reader as markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.attack.random_requests import Requests
from tests.attack.results import Results
from tests.attack.scale import IS_LONG, seeded, size
from tests.webui.openapi.test_fuzz import ANYTHING_GOES, ASKED
from webui.app import create_app

SEED = 9
REQUESTS = size(400, 20_000)
EXAMPLES = 250
HOSTS = ("localhost", "127.0.0.1", "evil.example", "xn--0", "a..b", "[::1", "localhost:99999", "公.example", "", "a b")
ENCODINGS = ("gzip", "br", "identity", "gzip;q=0,br;q=0,*;q=0", "zstd, *", "\x00")


def test_random_requests(filled: Path, results_of: Callable[[str], Results]) -> None:
    results = results_of("fuzz")
    app = create_app(filled, files_at_once=100)
    client, requests, chance = app.test_client(), Requests(app, SEED), seeded(SEED)
    for _ in range(REQUESTS):
        path = requests.path()
        headers = {"Accept-Encoding": chance.choice(ENCODINGS)}
        if chance.random() < 0.1:
            headers["Host"] = chance.choice(HOSTS)
        method = chance.choice(["GET"] * 9 + ["HEAD", "POST", "PUT", "OPTIONS"])
        response = client.open(path, method=method, headers=headers)
        body = response.get_data()
        assert response.status_code < 500 or response.status_code == 503, (path, headers, body[:500])
        assert b"Traceback" not in body and b"site-packages" not in body, path
        if response.mimetype == "text/html":
            assert b"<script>alert(1)" not in body, path
        assert not response.headers.get("Location", "").startswith(("//", "http://evil", "https://evil")), path
        results.count(str(response.status_code))
        response.close()


@pytest.mark.skipif(not IS_LONG, reason="tests/webui/openapi/test_fuzz.py generates a few requests")
@pytest.mark.parametrize(("path", "mode"), ASKED, ids=[f"{path}-{mode.value}" for path, mode in ASKED])
def test_requests_from_the_description(path: str, mode: GenerationMode, filled: Path) -> None:
    app = create_app(filled, files_at_once=1_000)
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path]["GET"]

    @settings(ANYTHING_GOES, max_examples=EXAMPLES)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        # the language of queries is no schema: text of the right length can still be no query
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance])

    ask()
