"""Requests that nobody thought of, made from the description of the interface: never a 5xx, always as described."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from webui.app import create_app
from webui.openapi.document import document

pytestmark = pytest.mark.slow

ASKED = [
    (path, mode)
    for path, operations in document(create_app(Path("nowhere")))["paths"].items()  # type: ignore[attr-defined]
    for mode in GenerationMode
    # where any text is right, none is wrong
    if mode is GenerationMode.POSITIVE or any(each["in"] == "query" for each in operations["get"]["parameters"])
]
ANYTHING_GOES = settings(
    max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def described(app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.mark.parametrize(("path", "mode"), ASKED, ids=[f"{path}-{mode.value}" for path, mode in ASKED])
def test_whatever_is_asked_is_answered_as_described(
    described: schemathesis.BaseSchema, path: str, mode: GenerationMode
) -> None:
    operation = described[path]["GET"]

    @ANYTHING_GOES
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},
            # the language of queries is no schema: text of the right length can still be no query
            excluded_checks=[positive_data_acceptance],
        )

    ask()
