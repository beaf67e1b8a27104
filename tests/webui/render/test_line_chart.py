"""Lines of a chart: gaps, breaks, and round steps on the axes."""

from __future__ import annotations

import pytest

from webui.render.line_chart import SMALL, WIDE, Frame, nice_step, plot, spelled


def test_a_line_breaks_where_a_year_is_missing() -> None:
    drawn = plot({"甲": {2008: 1, 2009: 3, 2011: 2, 2013: 0}}, lambda line, year: f"{line}/{year}")
    assert drawn is not None
    (stroke,) = drawn.strokes
    assert [[dot.year for dot in piece] for piece in stroke.pieces] == [[2008, 2009], [2011], [2013]]
    assert [dot.address for piece in stroke.pieces for dot in piece] == ["甲/2008", "甲/2009", "甲/2011", "甲/2013"]
    assert [tick.label for tick in drawn.values] == ["0", "1", "2", "3"]
    highest, lowest = stroke.pieces[0][1], stroke.pieces[2][0]
    assert (highest.y, lowest.y) == (drawn.values[-1].at, drawn.values[0].at)


def test_two_lines_may_have_one_name() -> None:
    drawn = plot({"a-1": {2019: 4}, "a-2": {2019: 9}}, lambda key, year: key, names={"a-1": "财政局", "a-2": "财政局"})
    assert drawn is not None
    assert [(stroke.name, stroke.pieces[0][0].address) for stroke in drawn.strokes] == [
        ("财政局", "a-1"),
        ("财政局", "a-2"),
    ]


def test_a_line_is_cut_at_a_break_in_series() -> None:
    drawn = plot(
        {"甲": {2019: 4, 2020: 5, 2021: 5, 2022: 6}},
        lambda line, year: "",
        breaks=dict.fromkeys((2019, 2021, 2024), "统计口径变化"),
    )
    assert drawn is not None
    assert [[dot.year for dot in piece] for piece in drawn.strokes[0].pieces] == [[2019, 2020], [2021, 2022]]
    (mark,) = drawn.breaks  # before the first year and after the last one there is nothing to part
    assert (mark.year, mark.reason) == (2021, "统计口径变化")
    assert drawn.strokes[0].pieces[0][1].x < mark.at < drawn.strokes[0].pieces[1][0].x


@pytest.mark.parametrize(
    "line", [{2016: 0.0}, {2016: 5}, {1: 1, 9999: 2}, {2016: 1e-4, 2017: 1e9}, {2016: -2, 2017: 3}, {2016: -7}]
)
def test_every_value_is_inside_the_chart(line: dict[int, float]) -> None:
    drawn = plot({"甲": line}, lambda line, year: "")
    assert drawn is not None
    dots = [dot for stroke in drawn.strokes for piece in stroke.pieces for dot in piece]
    assert all(0 <= dot.x <= WIDE.width and 0 <= dot.y <= WIDE.height for dot in dots)
    assert 2 <= len(drawn.values) <= 6 and 1 <= len(drawn.years) <= 20


@pytest.mark.parametrize(
    ("frame", "highest", "unit", "left", "reason"),
    [
        (WIDE, 3, "", 64, "short labels keep the margin"),
        (WIDE, 3347, "", 86, "4,000: on a phone the labels are nearly twice as large"),
        (WIDE, 100, "%", 84, "100%: the unit takes room, too"),
        (SMALL, 3, "", 44, "short labels keep the margin"),
        (SMALL, 11_900, "", 52, "15,000"),
    ],
)
def test_labels_of_values_have_room(frame: Frame, highest: float, unit: str, left: int, reason: str) -> None:
    drawn = plot({"甲": {2019: 1, 2020: highest}}, lambda line, year: "", frame=frame, unit=unit)
    assert drawn is not None and drawn.frame.left == left, reason
    assert min(dot.x for piece in drawn.strokes[0].pieces for dot in piece) > left


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 0.2), (5, 1), (5.1, 2), (391.75, 100), (0.003, 0.001), (11, 5), (1e6, 2e5)]
)
def test_steps_are_round(most: float, step: float) -> None:
    assert nice_step(most, 5) == pytest.approx(step)


def test_counts_have_whole_steps() -> None:
    assert nice_step(1, 5, whole=True) == 1


@pytest.mark.parametrize(
    ("value", "label"), [(0.1 + 0.2, "0.3"), (1000.0, "1,000"), (0.0, "0"), (2.5e7, "25,000,000"), (0.004, "0.004")]
)
def test_labels_of_axes_are_short(value: float, label: str) -> None:
    assert spelled(value) == label
