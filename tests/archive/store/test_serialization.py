from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.model import Agency, Cell, CheckResult, Figure, Notice, Paragraph, Report, Source, Table
from archive.store.serialization import digest, dump, load, load_report
from tests.archive.pages import balanced, form_report, prose_report, report

st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
# `facts` and `check` are dictionaries in every report; from their types alone other mappings would be made, too
NOTICES = st.builds(Notice, facts=st.dictionaries(st.text(), st.text()))
FIGURES = st.builds(Figure, check=st.dictionaries(st.text(), st.sampled_from(get_args(CheckResult))))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("lines", [prose_report(), form_report(cells=balanced(3, 1, 2))], ids=["prose", "form"])
def test_a_report_read_back_is_the_same(lines: list[str]) -> None:
    found = report(lines)
    again = load(dump(found), Report)
    assert again == found
    assert dump(again) == dump(found)


def test_text_that_an_earlier_version_kept_is_cleaned() -> None:
    printed, cleaned = "手机 APP 占 99.5 %，\U0002f81a天", "手机APP占99.5%，冬天"
    found = report(form_report())

    def with_text(text: str) -> Report:
        section = replace(
            found.sections[0],
            heading=text,
            paragraphs=(Paragraph(text),),
            tables=(Table(((Cell(text),),)), *found.sections[0].tables),
        )
        return replace(found, sections=(section, *found.sections[1:]))

    document = dump(with_text(printed)).encode()
    assert load_report(document, digest(document), "") == with_text(cleaned)


@pytest.mark.parametrize(
    "values",
    [st.from_type(Agency), st.from_type(Source), NOTICES, st.from_type(Paragraph), FIGURES],
    ids=["Agency", "Source", "Notice", "Paragraph", "Figure"],
)
@FEW
@given(st.data())
def test_any_value_read_back_is_the_same(values: st.SearchStrategy[Agency], data: st.DataObject) -> None:
    value = data.draw(values)
    assert load(dump(value), type(value)) == value


@FEW
@given(st.lists(NOTICES))
def test_notices_read_back(notices: list[Notice]) -> None:
    assert load(dump(tuple(notices)), tuple[Notice, ...]) == tuple(notices)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_places(value: Decimal) -> None:
    figure = Figure("requests", "new", "total", value, "x", "number")
    assert str(load(dump(figure), Figure).value) == str(value)  # type: ignore[arg-type]


def test_dates_and_what_is_not_there() -> None:
    source = Source("page.txt", "0" * 64, "text/plain", captured_on=date(2023, 1, 31))
    assert load(dump(source), Source) == source
    assert "2023-01-31" in dump(source)
