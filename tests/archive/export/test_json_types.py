"""The types of JSON documents, and the documents made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, NotRequired

import msgspec
import pytest

from archive.export.json import FIGURE, figure_json
from archive.export.json_types import Count, json_pieces, record, shape
from archive.model import Figure


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    lines: Count
    printed: date | None = None

    @property
    def key(self) -> str:
        return self.title.lower()


PAGE = Page("A", 2, date(2020, 1, 2))


@pytest.mark.parametrize(
    ("kind", "types", "reason"),
    [
        (shape("page", Page), {"title": str, "lines": Count, "printed": date | None}, "all fields, no property"),
        (shape("page", Page, "lines title"), {"lines": Count, "title": str}, "the attributes named, in this order"),
        (shape("page", Page, "key"), {"key": str}, "a property has the type that it returns"),
        (shape("page", Page, "title", title=int), {"title": int}, "another type of its own"),
        (shape("page", Page, "title", extra=[Page]), {"title": str, "extra": list[Page]}, "a list in brackets"),
        (shape("page", shape("title", Page, "title"), more=int), {"title": str, "more": int}, "another type, extended"),
    ],
)
def test_a_type_has_the_types_of_the_attributes(kind: Any, types: dict[str, object], reason: str) -> None:
    assert kind.__annotations__ == types and [*kind.__annotations__] == [*types], reason
    assert kind.__required_keys__ == types.keys()


def test_an_attribute_that_is_not_there_is_refused_when_the_type_is_made() -> None:
    with pytest.raises(AttributeError, match="titel"):
        shape("page", Page, "titel")


def test_a_key_may_be_left_out() -> None:
    assert shape("page", title=str, held=NotRequired[int]).__optional_keys__ == {"held"}


def test_a_record_has_the_keys_of_its_type() -> None:
    kind = shape("page", Page, "title", lines=str)
    assert record(kind, PAGE, lines="two") == {"title": "A", "lines": "two"}
    with pytest.raises(TypeError, match="page has no keys lanes"):
        record(kind, PAGE, lanes="two")
    with pytest.raises(AttributeError, match="pages"):
        record(shape("page", pages=int), PAGE)


@pytest.mark.parametrize("items", [[], [PAGE], [{"n": 1}, PAGE]], ids=len)
def test_pieces_are_one_document_with_an_item_a_line(items: list[object]) -> None:
    text = "".join(json_pieces({"items": iter(items), "as_of": date(2020, 1, 2), "名": "公开"}, "items"))
    document = json.loads(text)
    assert (document["as_of"], len(document["items"])) == ("2020-01-02", len(items))
    assert text.count("\n") == len(items) + 2 and "公开" in text
    assert all(item == {"n": 1} or item["printed"] == "2020-01-02" for item in document["items"])


def test_the_document_of_a_figure_has_the_keys_of_its_type() -> None:
    figure = Figure("requests", "new", "total", None, "/", "dash", "ocr", confidence=0.9)
    assert list(figure_json(figure)) == list(FIGURE.__annotations__)
    others = set(figure_json(msgspec.structs.replace(figure, basis="table", confidence=None)))
    assert others == FIGURE.__required_keys__ == set(FIGURE.__annotations__) - {"confidence"}
