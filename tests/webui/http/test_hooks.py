"""Tests the order of the steps around a view by its effects; each effect is lost when two steps change places."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webui.app import create_app
from webui.http import hooks, hosts, http_cache, page_cache, telemetry


@pytest.fixture
def fresh(home: Path) -> FlaskClient:
    """A site with an empty page cache."""
    client = create_app(home).test_client()
    client.application.testing = False  # an exception is a 500, as in production
    return client


def compression_is_negotiated(client: FlaskClient) -> bool:
    answers = [client.get("/help", headers={"Accept-Encoding": accepted}) for accepted in ("gzip", "identity")]
    return answers[1].data == gzip.decompress(answers[0].data)


def tag_names_the_plain_body(client: FlaskClient) -> bool:
    answers = [client.get("/robots.txt", headers={"Accept-Encoding": accepted}) for accepted in ("identity", "gzip")]
    plain, compressed = (answer.headers["ETag"].strip('"') for answer in answers)
    return compressed == f"{plain}:gzip"


def _asked_again(client: FlaskClient) -> int:
    tag = client.get("/robots.txt").headers.get("ETag", "none")
    return client.get("/robots.txt", headers={"If-None-Match": tag}, buffered=True).status_code


def unchanged_file_is_304(client: FlaskClient) -> bool:
    return _asked_again(client) == 304


def status_that_is_sent_is_counted(client: FlaskClient) -> bool:
    status = _asked_again(client)
    counts: telemetry.Counts = client.application.extensions["gongkai.counts"]
    labels = {"page": "crawled.robots", "status": str(status)}
    return status == 304 and counts.registry.get_sample_value("gongkai_answers_total", labels) == 1


def refused_request_has_an_id(client: FlaskClient) -> bool:
    return "X-Request-ID" in client.get("/help", headers={"Host": "a..b"}).headers


def cached_page_is_refused_to_another_host(client: FlaskClient) -> bool:
    client.get("/help")
    return client.get("/help", headers={"Host": "evil.example"}).status_code == 400


EFFECTS: list[tuple[str, Callable[[FlaskClient], bool], Callable[..., object], Callable[..., object]]] = [
    ("AFTER", compression_is_negotiated, page_cache.store, hooks.compress),
    ("AFTER", tag_names_the_plain_body, http_cache.tag_response, hooks.compress),
    ("AFTER", unchanged_file_is_304, http_cache.tag_response, http_cache.evaluate_condition),
    ("AFTER", status_that_is_sent_is_counted, http_cache.evaluate_condition, telemetry.record),
    ("BEFORE", refused_request_has_an_id, telemetry.begin, hosts.refuse_untrusted),
    ("BEFORE", cached_page_is_refused_to_another_host, hosts.refuse_untrusted, page_cache.answer_cached),
]
NAMES = [row[1].__name__ for row in EFFECTS]


@pytest.mark.parametrize("effect", [row[1] for row in EFFECTS], ids=NAMES)
def test_order_has_its_effect(fresh: FlaskClient, effect: Callable[[FlaskClient], bool]) -> None:
    assert effect(fresh)


@pytest.mark.parametrize(("hook", "effect", "first", "second"), EFFECTS, ids=NAMES)
def test_another_order_has_not(
    fresh: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    hook: str,
    effect: Callable[[FlaskClient], bool],
    first: Callable[..., object],
    second: Callable[..., object],
) -> None:
    steps = list(getattr(hooks, hook))
    one, other = steps.index(first), steps.index(second)
    assert one < other
    steps[one], steps[other] = second, first
    monkeypatch.setattr(hooks, hook, tuple(steps))
    assert not effect(fresh)


@pytest.mark.parametrize("address", ["/help", "/robots.txt", "/nowhere"])
def test_no_extension_adds_a_step_of_its_own(home: Path, address: str) -> None:
    app = create_app(home)
    assert [function.__module__ for function in app.after_request_funcs[None]] == ["webui.http.hooks"]
    assert [function.__module__ for function in app.before_request_funcs[None]] == ["webui.http.hooks"]
    assert "Content-Security-Policy" in app.test_client().get(address).headers
