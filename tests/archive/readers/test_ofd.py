"""Tests OFD as producers write it: text placed by offsets and matrices, templates and ruled tables."""

import pytest

from archive.errors import GongkaiError
from archive.readers.registry import read_page
from tests.archive.readers.documents import page, rows, source, texts, zip_file
from tests.archive.readers.ofd_documents import code, document, line, rule, ruled_report, text_object

# Characters in the same place of four: each has its own object.
LETTERS = "".join(text_object(code(each, 0, 4), f"{20 + 4 * n} 30 4 5") for n, each in enumerate("今年公开"))
TWO = ["今年公开。", "收到申请。"]
OBJECTS = [
    (line("今年公开。", 20, 30) + line("收到申请。", 20, 40), TWO, "objects as wide as the page"),
    (
        text_object(code("今年公开。", 20, 30, "4 4 4 4") + code("收到申请。", 20, 40, "g 4 4")),
        TWO,
        "lines in one object",
    ),
    (
        text_object(code("今年公开。收到申请。", 20, 30, "4 4 4 4 -16 4 4 4 4", "0 0 0 0 10 0 0 0 0")),
        TWO,
        "lines in one TextCode",
    ),
    (
        text_object(code("今年公开。", 56.69, 85.04, "g 4 11.34"), size=11.34, more='CTM="0.3528 0 0 0.3528 0 0"')
        + text_object(code("收到申请。", 0, 0, "g 4 11.34"), size=11.34, more='CTM="0.3528 0 0 0.3528 20 40"'),
        TWO,
        "points scaled and moved by a matrix",
    ),
    (LETTERS, ["今年公开"], "a character in each object"),
    (text_object(code("今年公开86条。", 20, 30)), ["今年公开86条。"], "no distances"),
    (text_object(code("今年", 20, 30) + code("公开", 28, None)), ["今年公开"], "the height of the TextCode before"),
    (text_object(code("今年"), "20 28 8 4") + text_object(code("86条"), "28 28 9 4"), ["今年86条"], "no offsets"),
    (line("今年公开", 20, 30) * 2 + line("今年公开", 20.2, 30), ["今年公开"], "printed again to look bold"),
    (text_object(code("公开88条", 20, 30, "2 2 1 1"), size=2), ["公开88条"], "two equal digits"),
    (line("公", 18, 30, 2) + line("1", 20, 30, 2) + line("1", 21, 30, 2), ["公11"], "two equal digits in two objects"),
    (line("今年公开", 20, 30) + text_object(code("草稿", 20, 60), more='Visible="false"'), ["今年公开"], "not shown"),
    (text_object(code("  今年公开  ", 20, 30)), ["今年公开"], "blanks around"),
    (text_object(code("今年", 20, 30), boundary="0 0 210"), [], "no box"),
    (text_object(code("今年", 20, 30, "g x 4 4")), ["今年"], "distances that are no numbers"),
]


@pytest.mark.parametrize(("objects", "expected", "reason"), OBJECTS, ids=[case[2] for case in OBJECTS])
def test_text_is_where_its_offsets_place_it(objects: str, expected: list[str], reason: str) -> None:
    assert texts(page(document([objects]))) == expected


def test_cells_of_a_row_in_one_text_code() -> None:
    row = text_object(code("行政许可118", 20, 30, "4 4 4 60 2 2"))
    assert rows(page(document([row]))) == [[["行政许可", "118"]]]


def test_templates_are_part_of_each_page_that_uses_them() -> None:
    template = rule(20, 20, 120, 20) + rule(20, 30, 120, 30) + rule(20, 40, 120, 40)
    template += rule(20, 20, 20, 40) + rule(70, 20, 70, 40) + rule(120, 20, 120, 40)
    template += line("行政许可", 21, 27) + line("行政处罚", 21, 37)
    read = page(document([line("118", 71, 27) + line("7", 71, 37) + line("一、概述", 20, 60)], [template]))
    assert texts(read) == ["▦", "一、概述"]
    assert rows(read) == [[["行政许可", "118"], ["行政处罚", "7"]]]


def test_ruled_cells_have_their_spans_and_broken_labels() -> None:
    frame = rule(20, 20, 120, 20) + rule(20, 50, 120, 50) + rule(20, 20, 20, 50) + rule(120, 20, 120, 50)
    # the rule between the rows begins at the second column, and one line is drawn as a thin box
    box = (
        '<ofd:PathObject ID="2" Boundary="60 20 0.4 30" Fill="true"><ofd:AbbreviatedData>'
        "M 0 0 L 0.4 0 L 0.4 30 L 0 30 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    text = line("三、本年", 21, 26) + line("度办理", 21, 31) + line("甲", 61, 28) + line("乙", 61, 43)
    (block,) = page(document([frame + box + rule(60, 35, 120, 35) + text])).blocks
    assert block.table
    cells = [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in block.table.rows]
    assert cells == [[("三、本年度办理", 2, 1), ("甲", 1, 1)], [("乙", 1, 1)]]


def test_text_above_between_and_below_tables_stays_in_order() -> None:
    def grid(top: float) -> str:
        lines = [rule(20, top + n * 10, 120, top + n * 10) for n in range(3)]
        lines += [rule(edge, top, edge, top + 20) for edge in (20, 70, 120)]
        return "".join(lines) + line("行政许可", 21, top + 7) + line("1", 71, top + 7)

    objects = grid(40) + line("一、概述", 20, 30) + grid(100) + line("二、问题", 20, 80) + line("三、其他", 20, 140)
    assert texts(page(document([objects]))) == ["一、概述", "▦", "二、问题", "▦", "三、其他"]


HOSTILE = [
    (document([text_object(code("一" * 9, 1e9, 1, "g 999999999 4"))]), ["一" * 9], "distances without end"),
    (document([rule(0, 0, 9, 0).replace("L 9 0", "L 9 x C B 1 Z")]), [], "a path that breaks off"),
    (document([rule(20, 20, 120, 20) * 3000]), [], "a rule many times"),
    (document(["a"], ["a"]), [], "no objects"),
]


@pytest.mark.parametrize(("data", "expected", "reason"), HOSTILE, ids=[case[2] for case in HOSTILE])
def test_odd_objects(data: bytes, expected: list[str], reason: str) -> None:
    assert texts(page(data)) == expected


def test_a_template_that_is_not_there_is_damage() -> None:
    files = {
        "OFD.xml": "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
        "D.xml": '<Document><CommonData><TemplatePage ID="1" BaseLoc="T.xml"/></CommonData></Document>',
    }
    with pytest.raises(GongkaiError, match="page is damaged"):
        read_page(zip_file(files), source())


def test_pages_of_a_ruled_report_are_whole() -> None:
    assert len(texts(page(ruled_report()))) == 14
