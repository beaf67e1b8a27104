"""A page refuses a parameter that it does not know, and knows every parameter that the pages link with."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from webui.params.known_params import KNOWN

VALUES = {
    "agency": "yunxi-shui-wu-ju",
    "key": "2019",
    "before": "2016",
    "after": "2017",
    "facet": "agency",
    "suffix": "csv",
    "style": "ris",
}


def test_every_page_states_its_parameters(app: Flask) -> None:
    endpoints = {rule.endpoint.removeprefix("zh.") for rule in app.url_map.iter_rules() if rule.endpoint[:3] == "zh."}
    assert {each for each in endpoints if not each.startswith("api.")} == set(KNOWN)


def values_of(rule: Rule) -> dict[str, str]:
    suffix = {"suffix": "svg"} if rule.endpoint.endswith(".picture") else {}
    return {name: VALUES[name] for name in rule.arguments} | suffix


@pytest.mark.parametrize("endpoint", sorted(KNOWN))
def test_an_unknown_parameter_is_refused(app: Flask, client: FlaskClient, endpoint: str) -> None:
    (rule,) = (rule for rule in app.url_map.iter_rules() if rule.endpoint == f"en.{endpoint}")
    with app.test_request_context():
        address = app.url_for(rule.endpoint, _anchor=None, **values_of(rule))
    answer = client.get(f"{address}?nosuch=1")
    assert answer.status_code == 400
    assert "no parameter nosuch" in answer.text


@pytest.mark.parametrize(
    ("address", "named", "reason"),
    [
        ("/coverage?lavel=county", "level", "the nearest name"),
        ("/search?q=公开&Place=河北", "place", "names have small letters"),
        ("/help?q=1", "无", "a page without parameters"),
        (f"/?{'x' * 500}=1", "xxx…", "a long name is cut"),
    ],
)
def test_the_message_tells_what_there_is(client: FlaskClient, address: str, named: str, reason: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400 and named in answer.text, reason
