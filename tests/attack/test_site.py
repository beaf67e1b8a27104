"""Random requests to the site and its API: no status 5xx but 503, no traceback, no text of a reader as markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from werkzeug.test import create_environ, run_wsgi_app

from tests.attack.random_requests import Requests
from tests.attack.results import Results
from tests.attack.scale import IS_LONG, seeded, size
from tests.webui.openapi.test_fuzz import ANYTHING_GOES, ASKED
from webui.app import create_app

SEED = 9
REQUESTS = size(400, 8_000)
EXAMPLES = 250
HOSTS = ("localhost", "127.0.0.1", "evil.example", "xn--0", "a..b", "[::1", "localhost:99999", "公.example", "", "a b")
METHODS = ("GET",) * 9 + ("HEAD", "POST", "PUT", "OPTIONS")
ENCODINGS = ("gzip", "br", "identity", "gzip;q=0,br;q=0,*;q=0", "zstd, *", "\x00")


def test_random_requests(filled: Path, results_of: Callable[[str], Results]) -> None:
    results = results_of("fuzz")
    app = create_app(filled, files_at_once=100)
    requests, chance = Requests(app, SEED), seeded(SEED)
    for _ in range(REQUESTS):
        path = requests.path()
        environ = create_environ(path, method=chance.choice(METHODS))
        environ["HTTP_ACCEPT_ENCODING"] = chance.choice(ENCODINGS)
        if chance.random() < 0.1:  # set here, because the client of werkzeug refuses some
            environ["HTTP_HOST"] = chance.choice(HOSTS)
        pieces, status, headers = run_wsgi_app(app, environ)
        body = b"".join(pieces)
        assert status < "500" or status.startswith("503"), (path, environ, body[:500])
        assert b"Traceback" not in body and b"site-packages" not in body, path
        if headers.get("Content-Type", "").startswith("text/html"):
            assert b"<script>alert(1)" not in body, path
        assert not headers.get("Location", "").startswith(("//", "http://evil", "https://evil")), path
        results.count(status[:3])


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
