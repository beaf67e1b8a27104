"""The OpenAPI document: the routes that there are, what each answers, and the shapes of the answers."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.resources
import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

from flask import Flask

from archive.errors import Language
from archive.export.json_types import Json, shape
from webui.http.errors import PROBLEM
from webui.openapi.parameters import PARAMETERS, PATH
from webui.openapi.schemas import answer_schema, answer_types, schemas

PREFIX = "zh.api."
LOCAL = frozenset({"status"})
"""Operations that answer this machine only, unless a setting says otherwise."""
TITLE = "Gongkai 公开"
DESCRIPTION = (
    "中国政府信息公开工作年度报告全文。",
    "Chinese annual reports on government information disclosure, in full text.",
)
ERRORS = {
    "400": ("参数或检索式有误。", "A parameter or the query is invalid."),
    "403": ("请求来自别的机器。", "The request comes from another machine."),
    "404": ("档案库中没有。", "The archive does not hold this."),
    "503": ("尚无目录或索引。", "There is no catalogue or index yet."),
}
ANSWER = ("答复。", "The answer.")
OPENAPI = shape(
    "openapi_json",
    openapi=str, info=Json, servers=[Json], tags=[Json], paths=dict[str, Json], components=dict[str, Json],
)  # fmt: skip
# '<agency>' in a route is '{agency}' in a description
_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
_FOLDER = importlib.resources.files("webui.openapi")


def document(app: Flask, language: Language = "en") -> Json:
    """The OpenAPI 3.1 document of the site in one language; every path stands under `/en` too."""
    described, paths, kinds = operations(), {}, [PROBLEM]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.startswith(PREFIX):
            name = rule.endpoint.removeprefix(PREFIX)
            view = app.view_functions[rule.endpoint]
            kinds += answer_types(view)
            paths[_VARIABLE.sub(r"{\1}", rule.rule)] = {"get": _operation(name, view, rule.arguments, language)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": importlib.metadata.version("gongkai"),
            "description": _in(language, DESCRIPTION),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "中文"}, {"url": "/en", "description": "English"}],
        "tags": [{"name": tag, "description": _in(language, texts)} for tag, texts in described["tags"].items()],
        "paths": paths,
        "components": {"schemas": _described(schemas(kinds), language)},
    }


@functools.cache
def operations() -> Json:
    """What `operations.toml` has on each operation, and the names of their groups as `tags`."""
    return tomllib.loads((_FOLDER / "operations.toml").read_text("utf-8"))


@functools.cache
def examples() -> Json:
    """The example of each operation: `request`, an address, and `answer`, shortened (`bench/api_examples.py`)."""
    found: Json = json.loads((_FOLDER / "examples.json").read_text("utf-8"))
    return found


@functools.cache
def key_meanings() -> dict[str, list[str]]:
    """The meaning of each key of the answers in Chinese and English, by `type.key` or by `key`."""
    meanings = tomllib.loads((_FOLDER / "keys.toml").read_text("utf-8"))
    of_types = {f"{kind}.{key}": texts for kind, keys in meanings["types"].items() for key, texts in keys.items()}
    return {**meanings["every"], **of_types}


def _described(components: dict[str, Json], language: Language) -> dict[str, Json]:
    """The schemas with the meaning of each key, and without the docstrings of their types, which are for developers."""
    meanings = key_meanings()
    for name, component in components.items():
        component.pop("description", None)
        for key, schema in component["properties"].items():
            if texts := meanings.get(f"{name}.{key}") or meanings.get(key):
                schema["description"] = _in(language, texts)
    return components


def _operation(name: str, view: Callable[..., object], variables: set[str], language: Language) -> Json:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    codes = ["400", *(["403"] if name in LOCAL else []), *(["404"] if variables else []), "503"]
    texts, example = operations()[name], examples().get(name)
    answer: Json = {"schema": answer_schema(view)} | ({"example": example["answer"][language]} if example else {})
    described = {
        "operationId": name,
        "tags": [texts["tag"]],
        "summary": texts[language],
        "parameters": [
            each.json(language) for each in (*map(PATH.__getitem__, sorted(variables)), *PARAMETERS.get(name, ()))
        ],
        "responses": {
            "200": {"description": _in(language, ANSWER), "content": {"application/json": answer}},
            **{code: {"description": _in(language, ERRORS[code]), "content": problem} for code in codes},
        },
    }
    return described | ({"x-example-request": example["request"]} if example else {})


def _in(language: Language, texts: Any) -> str:
    return str(texts[0 if language == "zh" else 1])
