"""Loads the rules of `archive/rules/`; refuses unknown keys, values of another type and invalid patterns."""

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from cattrs import BaseValidationError, Converter, transform_error
from cattrs.errors import ForbiddenExtraKeysError

from archive.rule_schemas import SCHEMAS, Pattern


class InvalidRulesError(ValueError):
    """A file of rules has an unknown or missing key, a value of another type or an invalid pattern."""


@functools.cache
def rulebook(name: str) -> dict[str, Any]:
    """A file of rules, with each `pattern` compiled.

    Raises:
        FileNotFoundError: if the package was installed without it.
        InvalidRulesError: naming the file, the row and the key.
    """
    source = files("archive").joinpath("rules", *name.split("/")).read_text("utf-8")
    return parse_rules(tomllib.loads(source), name)


@functools.cache
def coded_pattern(name: str, key: str, code: str) -> Pattern:
    """The pattern of the rule with a code, among the rows under a key of a file."""
    return next(rule["pattern"] for rule in rulebook(name)[key] if rule["code"] == code)


def parse_rules(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The content of the file `name`, converted by its schema, with its terms in its patterns."""
    try:
        rules: dict[str, Any] = _converter().structure(_with_terms(content), SCHEMAS[name])
    except BaseValidationError as error:
        raise InvalidRulesError("; ".join(transform_error(error, name, _problem))) from error
    return rules


def _with_terms(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content with the terms in place of `{name}` in its patterns; a term may use the terms before it."""
    terms = dict[str, str]()

    def expanded(pattern: str) -> str:
        return re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{terms[match[1]]})", pattern)

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {key: expanded(each) if key == "pattern" else walk(each) for key, each in value.items()}

    if "terms" not in content:
        return content
    for name, term in content["terms"].items():
        terms[name] = expanded(term)
    return {**walk(content), "terms": terms}


@functools.cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for primitive in (str, int, bool):
        converter.register_structure_hook(primitive, _exact)
    converter.register_structure_hook_func(lambda kind: kind == Pattern, lambda source, _: re.compile(source))
    return converter


def _exact(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"not of type {kind.__name__}: {value!r}")
    return value


def _problem(error: BaseException, _: type | None) -> str:
    match error:
        case ForbiddenExtraKeysError():
            return f"unknown key {', '.join(sorted(error.extra_fields))}"
        case KeyError():
            return f"missing key {error.args[0]}"
        case _:
            return str(error)
