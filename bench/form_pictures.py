"""Draws generated reports with their statutory forms as pictures, with the values of every cell."""

from __future__ import annotations

import functools
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from archive.vocabulary import table_rules
from tests.archive.pages import COLUMNS, NOTE, PREAMBLE, request_labels

FACES = ("Noto Sans CJK SC", "Noto Serif CJK SC")
AGENCY, YEAR = "安和县农业农村局", 2022
# Pixels of an A4 page at 96 dpi, its margins, and the size of print (10.5 points).
_WIDTH, _HEIGHT, _MARGIN, _SIZE = 794, 1123, 57, 14
_PADDING, _LEADING = 4, 1.35
_DIGITS = (0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 19, 27, 36, 49, 58, 69, 96, 103, 168, 906)


@dataclass(frozen=True, slots=True)
class Box:
    """A cell with its place in the grid."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(slots=True)
class Grid:
    """A table: its cells, and the share of the width that each column has."""

    widths: Sequence[float]
    boxes: list[Box] = field(default_factory=list)


@dataclass(slots=True)
class FormReport:
    """The parts of a report in order, and the values of its cells by the name of the figure."""

    parts: list[str | Grid] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def form_report(seed: int) -> FormReport:
    """A report on 2022 with the three forms, whose cells satisfy their arithmetic."""
    dice = random.Random(seed)  # noqa: S311 (numbers of a test)
    made = FormReport()
    made.parts = [
        f"{AGENCY}{YEAR}年政府信息公开工作年度报告",
        PREAMBLE,
        "一、总体情况",
        "本机关按照要求主动公开政府信息，及时回应社会关切，公开渠道畅通，工作制度健全。",
        "二、主动公开政府信息情况",
        _proactive(dice, made.values),
        "三、收到和处理政府信息公开申请情况",
        _requests(dice, made.values),
        "四、政府信息公开行政复议、行政诉讼情况",
        _review(dice, made.values),
        "五、存在的主要问题及改进情况",
        "公开内容还不够全面。下一步将加强培训，规范公开流程。",
        "六、其他需要报告的事项",
        "没有需要报告的其他事项。",
    ]
    return made


def _proactive(dice: random.Random, values: dict[str, str]) -> Grid:
    grid = Grid((2, 1, 1, 1))
    row = 0
    items = (
        (
            "一",
            ("本年制发件数", "本年废止件数", "现行有效件数"),
            (("rules", "规章"), ("normative_documents", "行政规范性文件")),
        ),
        ("五", ("本年处理决定数量",), (("licences", "行政许可"),)),
        ("六", ("本年处理决定数量",), (("penalties", "行政处罚"), ("coercive_measures", "行政强制"))),
        ("八", ("本年收费金额（单位：万元）",), (("charges", "行政事业性收费"),)),
    )
    rules = {
        entry["code"]: entry["columns"]["form-2021"]
        for entry in table_rules("proactive")["row"]
        if "form-2021" in entry["columns"]
    }
    for number, head, labels in items:
        span = 3 // len(head)
        grid.boxes.append(Box(f"第二十条第（{number}）项", row, 0, 1, 4))
        for place, text in enumerate(("信息内容", *head)):
            grid.boxes.append(Box(text, row + 1, place, 1, span if place else 1))
        row += 2
        for code, label in labels:
            grid.boxes.append(Box(label, row, 0))
            for place, column in enumerate(rules[code]):
                value = str(dice.choice((*_DIGITS, 1268, 24017)))
                if code == "charges":
                    value = dice.choice((value, "82.3658", "0", "1906.5"))
                values[f"proactive.{code}.{column}"] = value
                grid.boxes.append(Box(value, row, 1 + place, 1, span))
            row += 1
    return grid


def _requests(dice: random.Random, values: dict[str, str]) -> Grid:
    labels = request_labels("form-2021")
    codes = [code for code, _, _ in labels]
    columns: list[dict[str, int]] = []
    for _ in range(6):
        column = dict.fromkeys(codes, 0)
        for code in dice.sample(codes[2:-2], dice.choice((0, 3, 8))):
            column[code] = dice.choice(_DIGITS)
        column["handled_total"] = sum(column.values())
        column["carried_out"] = dice.choice(_DIGITS)
        held = column["handled_total"] + column["carried_out"]
        column["carried_in"] = min(held, dice.choice(_DIGITS))
        column["new"] = held - column["carried_in"]
        columns.append(column)
    columns.append({code: sum(column[code] for column in columns) for code in codes})
    names = [column["code"] for column in table_rules("requests")["column"]]
    grid = Grid((0.8, 0.9, 3.2, *[0.62] * 7))
    grid.boxes += [
        Box(NOTE.replace("(", "（").replace(")", "）").replace(":", "："), 0, 0, 3, 3),
        Box("申请人情况", 0, 3, 1, 7),
        Box("自然人", 1, 3, 2),
        Box("法人或其他组织", 1, 4, 1, 5),
        Box("总计", 1, 9, 2),
        *(Box(text, 2, 4 + place) for place, text in enumerate(COLUMNS[1:-1])),
    ]
    for row, (code, group, label) in enumerate(labels):
        text = label.replace("(", "（").replace(")", "）").replace("1.", "1.")
        top = row + 3
        if code == "granted":
            grid.boxes.append(Box(group, top, 0, len(labels) - 4 + 1))
        elif group:
            size = next((n for n, each in enumerate(labels[row + 1 :], 1) if each[1] or each[2].startswith("(")), 1)
            grid.boxes.append(Box(group.replace("(", "（").replace(")", "）"), top, 1, size))
        if code in ("new", "carried_in", "carried_out"):
            grid.boxes.append(Box(text, top, 0, 1, 3))
        elif label.startswith("("):
            grid.boxes.append(Box(text, top, 1, 1, 2))
        else:
            grid.boxes.append(Box(text, top, 2))
        for place, (name, column) in enumerate(zip(names, columns, strict=True)):
            values[f"requests.{code}.{name}"] = str(column[code])
            grid.boxes.append(Box(str(column[code]), top, 3 + place))
    return grid


def _review(dice: random.Random, values: dict[str, str]) -> Grid:
    rules = table_rules("review")
    grid = Grid([1] * 15)
    grid.boxes += [
        Box("行政复议", 0, 0, 1, 5),
        Box("行政诉讼", 0, 5, 1, 10),
        Box("未经复议直接起诉", 1, 5, 1, 5),
        Box("复议后起诉", 1, 10, 1, 5),
    ]
    for place, entry in enumerate(rules["row"]):
        results = [dice.choice(_DIGITS) for _ in range(4)]
        for number, (column, value) in enumerate(zip(rules["column"], (*results, sum(results)), strict=True)):
            values[f"review.{entry['code']}.{column['code']}"] = str(value)
            across = place * 5 + number
            grid.boxes.append(Box(column["zh"], 1 if place == 0 else 2, across, 2 if place == 0 else 1))
            grid.boxes.append(Box(str(value), 3, across))
    return grid


@functools.cache
def font_file(face: str) -> tuple[str, int] | None:
    """The file of a font and its number in it, None where it is not installed."""
    found = subprocess.run(  # noqa: S603
        ["fc-match", "-f", "%{family}\n%{file}\n%{index}", face],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return (found[1], int(found[2]) & 0xFFFF) if len(found) == 3 and face in found[0] else None


def pages(report: FormReport, dpi: int, face: str, *, whole: bool = False, lines: int = 0) -> list[Image.Image]:
    """The report as pages of A4, or as one picture; `lines` is the grey of the ruled lines, 255 for none."""
    return [*_Press(dpi, face, whole=whole, lines=lines).print(report.parts)]


class _Press:
    def __init__(self, dpi: int, face: str, *, whole: bool, lines: int) -> None:
        found = font_file(face)
        assert found, f"{face} is not installed"  # noqa: S101
        self._scale = dpi / 96
        self._font = ImageFont.truetype(found[0], round(_SIZE * self._scale), index=found[1])
        self._title = ImageFont.truetype(found[0], round(_SIZE * 1.5 * self._scale), index=found[1])
        self._height = round((6000 if whole else _HEIGHT) * self._scale)
        self._whole = whole
        self._lines = lines
        self._margin = round(_MARGIN * self._scale)
        self._width = round(_WIDTH * self._scale)
        self._line = round(_SIZE * _LEADING * self._scale)

    def print(self, parts: Sequence[str | Grid]) -> Iterator[Image.Image]:
        self._new()
        for number, part in enumerate(parts):
            if isinstance(part, Grid):
                for step in self._grid(part):
                    yield from step
                continue
            font = self._font if number else self._title
            leading = round(self._line * (1.2 if number else 1.6))
            lines = self._wrapped(
                part if part[1:2] == "、" or not number else f"　　{part}", self._width - 2 * self._margin, font
            )
            for line in lines:
                if self._top + leading > self._height - self._margin:
                    yield self._page
                    self._new()
                left = self._margin if number else (self._width - font.getlength(line)) / 2
                self._draw.text((left, self._top), line, fill=0, font=font)
                self._top += leading
        yield self._page.crop((0, 0, self._width, self._top + self._margin)) if self._whole else self._page

    def _new(self) -> None:
        self._page = Image.new("L", (self._width, self._height), 255)
        self._draw = ImageDraw.Draw(self._page)
        self._top = self._margin

    def _wrapped(self, text: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
        lines = [""]
        for character in text:
            if font.getlength(lines[-1] + character) > width and lines[-1]:
                lines.append("")
            lines[-1] += character
        return lines

    def _grid(self, grid: Grid) -> Iterator[Iterator[Image.Image]]:
        inner, total = self._width - 2 * self._margin, sum(grid.widths)
        lefts = [self._margin + round(inner * sum(grid.widths[:n]) / total) for n in range(len(grid.widths) + 1)]
        padding = round(_PADDING * self._scale)
        rows = max(box.row + box.rowspan for box in grid.boxes)
        heights = [self._line + 2 * padding] * rows
        texts = {}
        for box in sorted(grid.boxes, key=lambda each: each.rowspan):
            width = lefts[box.column + box.colspan] - lefts[box.column] - 2 * padding
            texts[box] = self._wrapped(box.text, width, self._font)
            lack = len(texts[box]) * self._line + 2 * padding - sum(heights[box.row : box.row + box.rowspan])
            heights[box.row + box.rowspan - 1] += max(0, lack)
        start = 0
        while start < rows:
            room = self._height - self._margin - self._top
            end = start
            while end < rows and sum(heights[start : end + 1]) <= room:
                end += 1
            if end == start:
                yield self._turn()
                continue
            self._part(grid, texts, lefts, heights, start, end)
            start = end
        self._top += padding * 2

    def _turn(self) -> Iterator[Image.Image]:
        yield self._page
        self._new()

    def _part(
        self,
        grid: Grid,
        texts: Mapping[Box, list[str]],
        lefts: Sequence[int],
        heights: Sequence[int],
        start: int,
        end: int,
    ) -> None:
        tops = {row: self._top + sum(heights[start:row]) for row in range(start, end + 1)}
        pen = max(1, round(self._scale))
        for box in grid.boxes:
            first, last = max(box.row, start), min(box.row + box.rowspan, end)
            if first >= last:
                continue
            left, right, top, bottom = lefts[box.column], lefts[box.column + box.colspan], tops[first], tops[last]
            self._draw.rectangle((left, top, right, bottom), outline=self._lines, width=pen)
            if box.row < start:  # its text is on the page before
                continue
            lines = texts[box]
            above = top + max(0, (bottom - top - len(lines) * self._line) / 2)
            for number, line in enumerate(lines):
                across = (left + right - self._font.getlength(line)) / 2
                self._draw.text((across, above + number * self._line), line, fill=0, font=self._font)
        self._top = tops[end]
