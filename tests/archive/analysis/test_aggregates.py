"""Tests aggregates against brute force over decoded reports, and their arithmetic on generated values."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.agencies.agency_filter import NOWHERE, AgencyFilter, AgencyTable
from archive.agencies.regions import UNKNOWN
from archive.analysis.aggregates import (
    Aggregate,
    AggregateRequest,
    aggregate,
    breaks_by_year,
    figure_named,
    quantile,
    region_lookup,
    usual_figures,
)
from archive.analysis.computed import (
    ComputedFigure,
    Name,
    ReportValues,
    Value,
    compute,
    row_of,
    with_computed,
    with_shared_figures,
)
from archive.errors import InvalidRequest
from archive.extract.pipeline import read_source
from archive.model import Agency, Source
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from tests.archive.pages import FORM, TRIAL, form_report, prose_report, request_labels, zeros

NEW: Name = ("requests", "new", "total")
HANDLED: Name = ("requests", "handled_total", "total")
REFUSED: Name = ("requests", "refused", "total")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path_factory.mktemp("home")) as opened:
        for number, agency in enumerate(("石家庄市教育局", "正定县人民政府", "泉州市水务局", "教育部")):
            for year, form in ((2019, TRIAL), (2021, FORM), (2022, FORM)):
                cells = zeros(form)
                order = [code for code, *_ in request_labels(form)]
                for place, code in enumerate(("new", "refused.third_party", "handled_total", "unavailable.not_held")):
                    cells[order.index(code)][-1] = str(number * 3 + year % 7 + place)
                if number == 1:
                    cells[order.index("refused.third_party")][-1] = "？"  # unreadable
                if number == 2:
                    cells[order.index("new")][-1] = ""
                add(opened, form_report(f"{agency}{year}年政府信息公开工作年度报告", cells=cells, form=form))
            add(opened, prose_report(agency, 2012, body=f"全年收到政府信息公开申请{number + 2}件。"))
        yield opened


def add(catalogue: Catalogue, lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
    catalogue.add(read_source(data, source, catalogue.agencies()), data)


def brute_force(catalogue: Catalogue, name: Name) -> dict[int, list[Decimal]]:
    """The values of a figure by year, from the documents."""
    found: dict[int, list[Decimal]] = {}
    for report in catalogue.shown():
        if report.year is not None:
            here = found.setdefault(report.year, [])
            for figure in with_computed(report.figures, report.form):
                if (figure.table, figure.row, figure.column) == name and figure.value is not None:
                    here.append(figure.value)
    return found


@pytest.mark.parametrize("name", [NEW, REFUSED, HANDLED, ("prose", "requests_received", None)])
def test_aggregates_are_those_of_the_decoded_reports(catalogue: Catalogue, name: Name) -> None:
    found = {each.year: each for each in catalogue.aggregates(AggregateRequest((name,)))}
    expected = brute_force(catalogue, name)
    assert set(found) == set(expected) and any(expected.values())
    for year, values in expected.items():
        each = found[year]
        assert (each.agencies, each.stating) == (4, len(values))
        assert each.sum == (sum(values) if values else None), "missing is never 0"
        assert each.median == (statistics.median(values) if values else None)


def test_a_share_is_over_agencies_that_state_both(catalogue: Catalogue) -> None:
    (found,) = catalogue.aggregates(AggregateRequest((REFUSED,), of=NEW, first=2022, last=2022))
    pairs = [
        (figures[REFUSED], figures[NEW])
        for report in catalogue.shown()
        if report.year == 2022
        and (figures := {(f.table, f.row, f.column): f.value for f in with_computed(report.figures, report.form)})
        if figures[REFUSED] is not None and figures[NEW] is not None
    ]
    assert found.share_agencies == len(pairs) == 2
    assert found.share == round(Decimal(sum(a for a, _ in pairs)) / Decimal(sum(b for _, b in pairs)), 6)


@pytest.mark.parametrize(
    ("request_", "groups", "reason"),
    [
        (AggregateRequest((NEW,), by="division"), {"河北省": 2, "福建省": 1, NOWHERE: 1}, "a ministry lies nowhere"),
        (AggregateRequest((NEW,), by="division", where=AgencyFilter("河北")),
         {"河北省石家庄市": 2}, "what lies in a province"),
        (AggregateRequest((NEW,), by="division", where=AgencyFilter("石家庄市")),
         {"河北省石家庄市": 1, "河北省石家庄市正定县": 1}, "a city and its county"),
        (AggregateRequest((NEW,), by="level"), {"city": 2, "county": 1, UNKNOWN: 1}, "levels"),
        (AggregateRequest((NEW,), by="level", where=AgencyFilter("河北", "city")), {"city": 1}, "two filters"),
        (AggregateRequest((NEW,), where=AgencyFilter("福建")), {None: 1}, "one line a year"),
    ],
)  # fmt: skip
def test_groups(catalogue: Catalogue, request_: AggregateRequest, groups: dict[str | None, int], reason: str) -> None:
    found = catalogue.aggregates(replace(request_, first=2022, last=2022))
    assert {each.group: each.agencies for each in found} == groups, reason


# What lies in a city, in a county of it, in a new area that the table of divisions lacks, in no division, and in one of
# several divisions of a name.
PLACES = (
    *(
        "河北省",
        "河北省石家庄市",
        "石家庄市正定县",
        "石家庄市桥西区",
        "雄安新区",
        "河北雄安新区",
        "北京市朝阳区",
        "朝阳区",
    ),
    *("朝阳县", "鼓楼区", "福建省福州市鼓楼区", "上海市浦东新区", "浦东新区", "南汇区", "巢湖市", "海南省三沙市"),
)
PLACED = {
    agency.id: agency
    for agency in [
        *(Agency(f"a{number}", f"{place}教育局", place=place, kind="education") for number, place in enumerate(PLACES)),
        Agency("ministry", "教育部", level="national"),
        Agency("vague", "市教育局"),
    ]
}


@pytest.mark.parametrize("year", [2008, 2012, 2022])
@pytest.mark.parametrize(
    "within", [None, "河北", "石家庄市", "安徽省", "北京", "上海", "福建", "unknown", "none"], ids=str
)
def test_the_sum_of_a_division_is_that_of_its_filter(within: str | None, year: int) -> None:
    values = [
        ReportValues(agency, str(year), year, FORM, {NEW: ComputedFigure(*NEW, Decimal(1 << number), "", "number")})
        for number, agency in enumerate((*PLACED, "not an agency"))
    ]
    request = AggregateRequest((NEW,), by="division", where=AgencyFilter(within))
    groups = {each.group: each.sum for each in aggregate(values, request, PLACED)}
    whole = aggregate(values, replace(request, by="year"), PLACED)
    assert sum(filter(None, groups.values())) == sum(each.sum or 0 for each in whole), "no report is lost"
    assert groups, "the place has agencies"
    itself = AgencyTable(PLACED.values()).region(within) if within else None
    for place, total in groups.items():
        if place != itself:
            (other,) = aggregate(values, AggregateRequest((NEW,), where=AgencyFilter(place)), PLACED)
            assert other.sum == total, place


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (AggregateRequest(usual_figures()), "all"),
        (AggregateRequest(usual_figures()[:2], by="division"), "some of the figures that are kept"),
        (AggregateRequest(usual_figures(), by="kind", first=2021), "from a year on"),
        (AggregateRequest(usual_figures(), last=2019), "up to a year"),
        (AggregateRequest(usual_figures(), where=AgencyFilter("河北", level="county")), "a filter"),
        (AggregateRequest(usual_figures(), agencies=("quanzhoushi-shuiwuju",), first=2021, last=2021), "one agency"),
    ],
)
def test_figures_that_are_kept_give_the_same_aggregates(
    catalogue: Catalogue, request_: AggregateRequest, reason: str
) -> None:
    kept = with_shared_figures(catalogue.values(FigureSelection(), [row_of(name) for name in usual_figures()]))
    agencies = {agency.id: agency for agency in catalogue.agencies()}
    found = catalogue.aggregates(request_)
    assert aggregate(kept, request_, agencies, region_lookup(agencies)) == found and found, reason


def test_the_series_crosses_the_forms_and_is_broken_where_they_change(catalogue: Catalogue) -> None:
    found = catalogue.aggregates(AggregateRequest((("series", "received", None),)))
    assert [(each.year, each.sources) for each in found] == [
        (2012, ("prose",)), (2019, ("requests",)), (2021, ("requests",)), (2022, ("requests",)),
    ]  # fmt: skip
    assert [*breaks_by_year(found, "zh")] == [2019, 2021]
    assert len(usual_figures()) == 7


@pytest.mark.parametrize(
    ("division", "word"), [("朝阳区", "北京"), ("没有这个地方", "没有")], ids=["several divisions", "no division"]
)
def test_a_division_that_is_not_one_is_refused(catalogue: Catalogue, division: str, word: str) -> None:
    with pytest.raises(InvalidRequest, match=word):
        catalogue.aggregates(AggregateRequest((NEW,), where=AgencyFilter(division)))


def test_an_unknown_figure_names_the_nearest() -> None:
    assert figure_named("requests.refused.total") == REFUSED
    with pytest.raises(InvalidRequest, match=r"requests\.refused\.total"):
        figure_named("requests.refusd.total")


NUMBERS = st.decimals(min_value=-(10**20), max_value=10**20, places=4)


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.integers(0, 4))
def test_quantiles_are_exact_and_ordered(values: list[Decimal], quarters: int) -> None:
    ordered = sorted(values)
    (each,) = aggregate(reports(ordered), AggregateRequest((NEW,)), {})
    assert each.lower_quartile is not None and each.median is not None and each.upper_quartile is not None
    assert ordered[0] <= each.lower_quartile <= each.median <= each.upper_quartile <= ordered[-1]
    place = Fraction((len(ordered) - 1) * quarters, 4)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    expected = Fraction(ordered[low]) + (Fraction(ordered[high]) - Fraction(ordered[low])) * (place - low)
    if quarters in (1, 2, 3):
        named = {1: each.lower_quartile, 2: each.median, 3: each.upper_quartile}[quarters]
        assert Fraction(named) == expected
    else:
        assert quantile(ordered, quarters) == ordered[0 if quarters == 0 else -1]


@given(st.lists(st.one_of(st.none(), NUMBERS), min_size=1, max_size=30))
def test_sums_are_exact_and_leave_out_what_is_missing(values: list[Decimal | None]) -> None:
    (each,) = aggregate(reports(values), AggregateRequest((NEW,)), {"a0": Agency("a0", "甲")})
    stated = [Fraction(value) for value in values if value is not None]
    assert (each.agencies, each.stating) == (len(values), len(stated))
    assert (each.sum is None) == (not stated) and (each.sum is None or Fraction(each.sum) == sum(stated))


def reports(values: list[Decimal] | list[Decimal | None]) -> Iterator[ReportValues]:
    for number, value in enumerate(values):
        state = "unreadable" if value is None else "number"
        figure = ComputedFigure(*NEW, value, "", state, "computed", parts=("requests.new.total",))
        yield ReportValues(f"a{number}", "2022", 2022, FORM, {NEW: figure})


def test_nothing_to_aggregate() -> None:
    found: tuple[Aggregate, ...] = aggregate((), AggregateRequest((NEW,)), {})
    assert found == ()


def test_approximate_numbers_are_in_the_sum_and_counted() -> None:
    name: Name = ("series", "received", None)
    cells = {"one": "约300", "two": "66", "three": "1万余"}
    reports = []
    for agency, number in cells.items():
        page = ["某市水务局2012年政府信息公开工作年度报告", "一、依申请公开情况", f"收到政府信息公开申请{number}件。"]
        (report,) = read_source("\n".join(page).encode(), Source("page.txt", "0" * 64, "text/plain")).reports
        stated: dict[Name, list[Value]] = {}
        for each in report.figures:
            stated.setdefault((each.table, each.row, each.column), []).append((each.value, each.state))
        received = compute(row_of(name), report.form, stated)
        assert received
        reports.append(ReportValues(agency, "2012", 2012, report.form, {name: received}))
    (found,) = aggregate(reports, AggregateRequest((name,)), {})
    assert (found.sum, found.stating, found.approximate) == (10366, 3, 2)
