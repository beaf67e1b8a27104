"""The description of the interface against the interface: every route is in it, every answer is as it says."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from archive.export.json_types import Count, DecimalText, shape
from indexer.answers.engine import Total
from indexer.answers.json import HIT
from tests.webui.model_reports import SHOWN
from webui.openapi.document import document, examples, key_meanings, operations
from webui.openapi.parameters import PARAMETERS
from webui.openapi.reference_page import reference_page
from webui.openapi.schemas import schemas

UNDATED = next(report for report in SHOWN if report.year is None)
ANSWERS = {
    "/api/openapi.json": ["/api/openapi.json"],
    "/api/search": [
        "/api/search?q=公开&limit=100",
        "/api/search",
        "/api/search?year=2016&year=none&sort=-year",
        "/api/search?q=没有人这样写过",
    ],
    "/api/search/cite": [
        "/api/search/cite?q=公开",
        "/api/search/cite?section=problems",
        "/api/search/cite?q=公开&cited=000000000000:-:1:1:2024-05-06",
    ],
    "/api/search/{facet}": [
        "/api/search/agency?q=公开",
        "/api/search/agency?q=公开&find=shuiwu&year=2016",
        "/api/search/section",
        "/api/search/keyword?find=没有这样的词",
    ],
    "/api/reports/{agency}/{key}": [f"/api/reports/{report.agency}/{report.key}" for report in SHOWN],
    "/api/compare/{agency}/{before}/{after}": [
        "/api/compare/yunxi-shui-wu-ju/2016/2017",
        "/api/compare/yunxi-shui-wu-ju/2017/2019",
        "/api/compare/yunxi-jiao-yu-ju/2019/2020",
    ],
    "/api/reports/{agency}/{key}/versions": ["/api/reports/yunxi-shui-wu-ju/2019/versions"],
    "/api/divisions": ["/api/divisions", "/api/divisions?place=unknown", "/api/divisions?place=西藏&level=county"],
    "/api/agencies": [
        "/api/agencies",
        "/api/agencies?place=none&kind=department",
        "/api/agencies?q=shuiwu&limit=1",
        "/api/agencies?q=没有这样的机关",
    ],
    "/api/agencies/{agency}": ["/api/agencies/yunxi-shui-wu-ju", "/api/agencies/bai-shi-zhen"],
    "/api/suggest": [
        "/api/suggest?q=问题",
        "/api/suggest?q=yx&limit=1",
        "/api/suggest?q=gk&kind=phrase",
        "/api/suggest",
    ],
    "/api/figures": ["/api/figures", "/api/figures?table=requests", "/api/figures?table=prose", "/api/figures?to=1"],
    "/api/aggregates": [
        "/api/aggregates",
        "/api/aggregates?by=level&of=requests.new.total&figure=requests.refused.total",
    ],
    "/api/concordance": [
        "/api/concordance?q=公开&sort=right&limit=5&width=9",
        "/api/concordance?q=照样保存",
        "/api/concordance?q=公开&collocate=信息&window=3&side=left",
        "/api/concordance?q=year:2016",
        "/api/concordance?q=没有人这样写过",
    ],
    "/api/collocates": [
        "/api/collocates?q=公开&limit=5",
        "/api/collocates?q=公开&window=2&side=left&order=repelled&by=year",
        "/api/collocates?q=year:2016",
    ],
    "/api/trends": ["/api/trends?q=公开&q=微博&section=overview", "/api/trends?q=year:2016"],
    "/api/matrix": ["/api/matrix?q=公开", "/api/matrix?q=year:2016", "/api/matrix?q=没有人这样写过&year=2016"],
    "/api/distinctive": [
        "/api/distinctive?q=公开&year=2016",
        "/api/distinctive?section=problems&limit=3",
    ],
    "/api/reports/{agency}/{key}/similar": [
        "/api/reports/yunxi-shui-wu-ju/2016/similar?section=problems",
        "/api/reports/yunxi-shui-wu-ju/2016/similar?limit=1",
    ],
    "/api/coverage": ["/api/coverage"],
    "/api/status": ["/api/status"],
    "/api/notices": ["/api/notices"],
}
MISTAKES = [
    *('/api/search?q=甲"', "/api/search?page=0", "/api/search?year=x", "/api/search?nothing=1", "/api/figures?table=x"),
    *('/api/concordance?q=甲"', "/api/concordance?width=0", '/api/trends?q=甲&q=乙"', "/api/matrix?q=甲&q=乙"),
    *("/api/concordance", "/api/collocates?year=2016", "/api/matrix?q=", "/api/distinctive", "/api/search/cite"),
    *(
        "/api/agencies/nobody",
        "/api/reports/nobody/1/versions",
        "/api/reports/nobody/1",
        "/api/reports/yunxi-shui-wu-ju/1",
        "/api/compare/yunxi-shui-wu-ju/2016/2016",
        "/api/no",
        "/api/search/colour",
        "/api/search/year",
        "/api/suggest?kind=colour",
        "/api/reports/yunxi-shui-wu-ju/2016/similar?section=nothing",
    ),
]


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return document(app)


def validator(described: dict[str, Any], schema: dict[str, object]) -> Draft202012Validator:
    """Validates by a schema, and admits no key that it does not describe."""
    components = copy.deepcopy(described["components"])
    for component in components["schemas"].values():
        component["additionalProperties"] = False
    return Draft202012Validator({**schema, "components": components})


def test_the_description_is_openapi(described: dict[str, object]) -> None:
    validate(described)


def test_it_is_what_is_served(app: Flask, client: FlaskClient, described: dict[str, object]) -> None:
    assert client.get("/en/api/openapi.json").json == described
    chinese = client.get("/api/openapi.json").json
    assert chinese == document(app, "zh")
    assert chinese != described, "its sentences are Chinese"


def _sentences(value: Any) -> Iterator[str]:
    """The sentences for people in a description, without examples."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("summary", "description") and isinstance(each, str):
                yield each
            elif key not in ("example", "x-example-request"):
                yield from _sentences(each)
    elif isinstance(value, list):
        for each in value:
            yield from _sentences(each)


def test_descriptions_are_in_the_language_asked_for(app: Flask, described: dict[str, Any]) -> None:
    of_types = {DecimalText.__metadata__[0].description, "中文", "English"}  # msgspec has one language
    chinese = [each for each in _sentences(document(app, "zh")) if each not in of_types]
    english = [each for each in _sentences(described) if each not in of_types]
    assert len(chinese) == len(english) > 300
    assert [each for each in chinese if not re.search("[\u3400-\u9fff]", each)] == []
    assert [each for each in english if re.search("[\u3400-\u9fff]", re.sub(r"In a query: .*", "", each))] == []


def test_every_key_of_an_answer_has_a_meaning_and_no_meaning_is_left_over(described: dict[str, Any]) -> None:
    keys = {kind: list(each["properties"]) for kind, each in described["components"]["schemas"].items()}
    pairs = {(kind, key) for kind, found in keys.items() for key in found}
    assert {(kind, key) for kind, key in pairs if not {key, f"{kind}.{key}"} & {*key_meanings()}} == set()
    assert {*key_meanings()} <= {key for _, key in pairs} | {f"{kind}.{key}" for kind, key in pairs}


def test_every_operation_is_described_once(described: dict[str, Any]) -> None:
    named = {each["get"]["operationId"] for each in described["paths"].values()}
    assert named == {*operations()} - {"tags"}
    assert {*PARAMETERS} <= named
    assert {each["get"]["tags"][0] for each in described["paths"].values()} == {
        each["name"] for each in described["tags"]
    }


@pytest.mark.parametrize("name", sorted({*operations()} - {"tags", "openapi_json"}))
def test_the_example_of_an_operation_is_an_answer(described: dict[str, Any], name: str) -> None:
    """`bench/api_examples.py` writes the examples from answers; they have to follow when a type changes."""
    (operation,) = [each["get"] for each in described["paths"].values() if each["get"]["operationId"] == name]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for answer in examples()[name]["answer"].values():
        validator(described, schema).validate(answer)


def test_a_parameter_is_listed_with_its_operation_or_once_for_all(described: dict[str, Any]) -> None:
    page = reference_page(described)
    shown = {operation.name: operation for _, operations in page.groups for operation in operations}
    assert [[each.name for each in group] for group in page.shared] == [
        ["place", "level", "kind"],
        ["year", "section", "agency", "place", "level", "kind", "keyword", "form"],
    ]
    for each in described["paths"].values():
        operation = shown[each["get"]["operationId"]]
        rows = [*operation.parameters, *(row for number in operation.shared for row in page.shared[number])]
        assert sorted(row.name for row in rows) == sorted(one["name"] for one in each["get"]["parameters"])


def test_every_route_is_in_it_with_its_words(app: Flask, described: dict[str, object]) -> None:
    rules = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")
    }
    paths = described["paths"]
    assert isinstance(paths, dict)
    assert set(paths) == rules == set(ANSWERS)
    for path, methods in paths.items():
        operation = methods["get"]
        assert len(operation["summary"]) > 20
        assert {each["name"] for each in operation["parameters"] if each["in"] == "path"} == set(
            re.findall(r"{(\w+)}", path)
        )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("path", "address"), [(path, each) for path, given in ANSWERS.items() for each in given])
def test_every_answer_is_as_it_says(
    client: FlaskClient, described: dict[str, object], path: str, address: str, prefix: str
) -> None:
    paths = described["paths"]
    assert isinstance(paths, dict)
    schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    response = client.get(prefix + address)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    validator(described, schema).validate(response.json)


@pytest.mark.parametrize("address", MISTAKES)
def test_every_mistake_is_as_it_says(client: FlaskClient, described: dict[str, Any], address: str) -> None:
    response = client.get(address)
    assert response.status_code in (400, 404)
    validator(described, {"$ref": "#/components/schemas/problem"}).validate(response.get_json(force=True))


def test_a_schema_refuses_what_it_does_not_describe(described: dict[str, Any]) -> None:
    refused = validator(described, {"$ref": "#/components/schemas/sample"})
    assert refused.is_valid({"size": 1, "seed": 1})
    assert not any(map(refused.is_valid, ({}, {"size": 1, "seed": -1}, {"size": 1, "seed": 1, "other": 1})))


@dataclass(frozen=True, slots=True)
class WiderTotal(Total):
    added: Count = 0


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (shape("hit", HIT, added=Count), "hit", "a key of an object"),
        (shape("answer", total=WiderTotal), "wider_total", "a field of a dataclass; one with a default is required"),
        (shape("answer", totals=[WiderTotal]), "wider_total", "a field of a dataclass in a list"),
    ],
)
def test_a_key_added_to_a_type_is_described(kind: Any, name: str, reason: str) -> None:
    schema = schemas([kind])[name]
    assert schema["properties"]["added"] == {"type": "integer", "minimum": 0}
    assert "added" in schema["required"]


def test_no_schema_of_an_object_is_written_by_hand() -> None:
    root = Path(__file__).parents[3]
    # without mappings of OpenSearch
    packages = ("archive", "indexer/answers", "indexer/query", "webui", "gongkai")
    paths = [path for package in packages for path in (root / package).rglob("*.py")]
    keys = {
        (path.name, key.value)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert ("document.py", "openapi") in keys
    assert not {key for key in keys if key[1] in ("properties", "additionalProperties", "patternProperties")}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("search_json", "/api/search"),
        ("suggest", "/api/suggest"),
        ("agencies", "/api/agencies"),
        ("figures_json", "/api/figures"),
        ("aggregates_json", "/api/aggregates"),
        ("concordance_json", "/api/concordance"),
        ("collocates_json", "/api/collocates"),
        ("trends_json", "/api/trends"),
        ("agency_matrix", "/api/matrix"),
        ("distinctive", "/api/distinctive"),
        ("similar", "/api/reports/yunxi-shui-wu-ju/2016/similar"),
    ],
)
def test_parameters_are_the_ones_that_count(client: FlaskClient, name: str, path: str) -> None:
    def status(value: object) -> int:
        own = parameter.name
        query = {"q": "公开"} if any(each.name == "q" for each in PARAMETERS[name]) else {}
        with_word = {"collocate": "信息"} if name == "concordance_json" and own in ("window", "side") else {}
        return client.get(path, query_string={**query, own: value, **with_word}, buffered=True).status_code

    for parameter in PARAMETERS[name]:
        schema = {"type": "array"} if parameter.is_repeated and "enum" not in parameter.schema else parameter.schema
        if "enum" in schema:
            for value in schema["enum"]:
                assert status(value) == 200
            assert status("nothing") == 400
        if schema["type"] == "integer":
            outside = ("", schema["minimum"] - 1, schema["maximum"] + 1)
            assert set(map(status, outside)) == {400}
