"""Lays out the OpenAPI document for the page `/help/api`."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from archive.export.json_types import Json

_PREFIX = "#/components/schemas/"
SHARED_BY = 3
"""Operations with a parameter of the same meaning, from which it is listed once for all of them."""

TypePiece = tuple[str, str | None]
"""A piece of a type as TypeScript writes it, and the name of the type that it is, if it is one of the document."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter as a row: `values` is its permitted values or limits, `default` what it is without a value."""

    name: str
    meaning: str
    type: str
    values: str
    default: str
    is_required: bool
    is_repeated: bool
    is_deprecated: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of an object as a row; an optional one may be missing."""

    name: str
    type: tuple[TypePiece, ...]
    meaning: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class DescribedOperation:
    """An operation. `shared` are the groups of its parameters in `ReferencePage.shared`, as indices."""

    name: str
    path: str
    summary: str
    parameters: tuple[ParameterRow, ...]
    shared: tuple[int, ...]
    answers: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    request: str
    example: str

    @property
    def is_for_any_archive(self) -> bool:
        """Whether the request of the example can be sent to every archive."""
        return bool(self.request) and "{" not in self.path


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """The operations by group, the groups of parameters that the same operations share, and the keys of each type."""

    groups: tuple[tuple[str, tuple[DescribedOperation, ...]], ...]
    shared: tuple[tuple[ParameterRow, ...], ...]
    types: dict[str, tuple[KeyRow, ...]]


def reference_page(document: Json) -> ReferencePage:
    """Lays out a document of `webui.openapi.document`."""
    operations = {path: each["get"] for path, each in document["paths"].items()}
    uses = defaultdict(list)  # names of operations by parameter
    for path, operation in operations.items():
        for each in operation["parameters"]:
            uses[json.dumps(each)].append(path)
    shared: dict[tuple[str, ...], list[Json]] = defaultdict(list)
    for parameter, paths in uses.items():
        if len(paths) >= SHARED_BY and not json.loads(parameter).get("required"):
            shared[tuple(paths)].append(json.loads(parameter))
    described = [*shared.values()]
    groups = tuple(
        (
            tag["description"],
            tuple(
                _operation(path, each, described) for path, each in operations.items() if tag["name"] in each["tags"]
            ),
        )
        for tag in document["tags"]
    )
    types = {name: tuple(_keys(schema)) for name, schema in document["components"]["schemas"].items()}
    return ReferencePage(groups, tuple(tuple(map(_parameter, each)) for each in described), types)


def _operation(path: str, operation: Json, shared: list[list[Json]]) -> DescribedOperation:
    taken = [number for number, group in enumerate(shared) if group[0] in operation["parameters"]]
    own = [each for each in operation["parameters"] if not any(each in shared[number] for number in taken)]
    answer = operation["responses"]["200"]["content"]["application/json"]
    kinds = answer["schema"].get("anyOf", [answer["schema"]])
    errors = ((code, each["description"]) for code, each in operation["responses"].items() if code != "200")
    return DescribedOperation(
        operation["operationId"],
        path,
        operation["summary"],
        tuple(map(_parameter, own)),
        tuple(taken),
        tuple(each["$ref"].removeprefix(_PREFIX) for each in kinds),
        tuple(errors),
        operation.get("x-example-request", ""),
        json.dumps(answer["example"], ensure_ascii=False, indent=2) if "example" in answer else "",
    )


def _parameter(parameter: Json) -> ParameterRow:
    schema = parameter["schema"]
    is_repeated = schema["type"] == "array"
    value = schema["items"] if is_repeated else schema
    limits = f"{value['minimum']}–{value['maximum']:,}" if "maximum" in value else ""
    return ParameterRow(
        parameter["name"],
        parameter["description"],
        value["type"],
        " ".join(value.get("enum", ())) or value.get("pattern", "") or limits,
        str(value.get("default", "")),
        parameter.get("required", False),
        is_repeated,
        parameter.get("deprecated", False),
    )


def _keys(component: Json) -> list[KeyRow]:
    required = component.get("required", ())
    return [
        KeyRow(key, tuple(_type(schema)), schema.get("description", ""), key not in required)
        for key, schema in component["properties"].items()
    ]


def _type(schema: Json) -> list[TypePiece]:
    """The type in the notation of TypeScript: `hit[]`, `string | null`, `"held" | "missing"`."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_PREFIX)
        return [(name, name)]
    if "anyOf" in schema:
        return [piece for each in schema["anyOf"] for piece in [(" | ", None), *_type(each)]][1:]
    if "enum" in schema:
        return [(" | ".join(f'"{each}"' for each in schema["enum"]), None)]
    if "prefixItems" in schema:
        kinds = ", ".join("".join(text for text, _ in _type(each)) for each in schema["prefixItems"])
        return [(f"[{kinds}]", None)]
    if schema["type"] == "array":
        inner = _type(schema["items"])
        return [*inner, ("[]", None)] if len(inner) == 1 else [("(", None), *inner, (")[]", None)]
    if isinstance(schema.get("additionalProperties"), dict):
        return [("{[name]: ", None), *_type(schema["additionalProperties"]), ("}", None)]
    return [(schema.get("format") or schema["type"], None)]
