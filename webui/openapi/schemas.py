"""The schemas of the answers, generated from the types that the views return."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Any, get_args, get_type_hints

from msgspec.json import schema_components

from archive.export.json_types import Json

_PREFIX = "#/components/schemas/"


def answer_types(view: Callable[..., object]) -> tuple[Any, ...]:
    """The types of a view's answer: a view returns `Annotated[Response, REPORT]`, or a union of them."""
    (kind,) = get_type_hints(view, include_extras=True)["return"].__metadata__
    return get_args(kind) if isinstance(kind, UnionType) else (kind,)


def answer_schema(view: Callable[..., object]) -> Json:
    references = [{"$ref": _PREFIX + kind.__name__} for kind in answer_types(view)]
    return references[0] if len(references) == 1 else {"anyOf": references}


def schemas(kinds: Iterable[Any]) -> dict[str, Json]:
    """A schema for each type, and for each type in it, by its name; `FacetValue` is `facet_value`."""
    _, components = schema_components(kinds, ref_template=_PREFIX + "{name}")
    for component in components.values():
        del component["title"]
        defaults = [key for key, value in component["properties"].items() if value.pop("default", value) is not value]
        component.setdefault("required", []).extend(defaults)  # a default is written, too
    text = re.sub(_PREFIX + r"(\w+)", lambda match: _PREFIX + _name(match[1]), json.dumps(components))
    return {_name(kind): component for kind, component in json.loads(text).items()}


def _name(kind: str) -> str:
    return "as_of" if kind == "DataVersion" else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
