"""Tests content that Word shows but does not store, or stores but does not show."""

import io
import zipfile

import docx
import pytest

from archive.model import Cell
from tests.archive.readers.documents import docx_file, page, rows, texts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def with_parts(**parts: str) -> bytes:
    """A DOCX with the parts `document` and `numbering` replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_file())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            own = parts.get(name.removeprefix("word/").removesuffix(".xml"))
            new.writestr(name, old.read(name) if own is None else own)
    return file.getvalue()


def document(body: str) -> str:
    return f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


PARAGRAPHS = [
    (f"<w:p>{run('公开')}{run('20')}{run('21')}{run('年')}</w:p>", ["公开2021年"], "runs"),
    (f"<w:p>{run('甲')}<w:r><w:br/></w:r>{run('乙')}</w:p>", ["甲", "乙"], "a manual line break"),
    (f"<w:p>{run('甲')}<w:r><w:tab/></w:r>{run('乙')}</w:p>", ["甲乙"], "a tab between Han characters is padding"),
    (f"<w:p><w:ins>{run('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>", ["新"], "tracked"),
    (
        f"<w:p>{run('收到12')}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r></w:p>",
        ["收到12[1]"],
        "a raised footnote is no digit of the number",
    ),
    (f"<w:sdt><w:sdtContent><w:p>{run('表单')}</w:p></w:sdtContent></w:sdt>", ["表单"], "a form field"),
    (f"<w:p><w:hyperlink>{run('网址')}</w:hyperlink></w:p>", ["网址"], "a link"),
    (
        f"<w:p>{run('正文')}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{run('框')}</w:p></w:txbxContent>"
        f"</mc:Choice><mc:Fallback><w:txbxContent><w:p>{run('框')}</w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        ["正文", "框"],
        "a frame that is stored twice",
    ),
]


@pytest.mark.parametrize(("body", "expected", "reason"), PARAGRAPHS, ids=[case[2] for case in PARAGRAPHS])
def test_paragraphs(body: str, expected: list[str], reason: str) -> None:
    assert texts(page(with_parts(document=document(body)))) == expected


def level(index: int, form: str, pattern: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


NUMBERING = (
    f"<w:numbering {W}>"
    f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}'
    f"{level(1, 'chineseCountingThousand', '(%2)')}{level(2, 'decimal', '%3.')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "•")}</w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="7"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)


def item(text: str, at: int = 0, list_id: int = 5) -> str:
    numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr></w:pPr>'
    return f"<w:p>{numbered}{run(text)}</w:p>"


def test_numbers_of_lists_are_before_their_headings() -> None:
    body = "".join(
        [
            item("总体情况"),
            item("组织领导", 1),
            item("主动公开", 1),
            item("数量", 2),
            item("申请情况"),
            item("受理", 1),
            item("圆点", 0, 6),
            *(item(f"第{n}节") for n in range(3, 12)),
            item("另一份", 0, 7),
            item("没有的单", 0, 99),
        ]
    )
    numbers = ["三", "四", "五", "六", "七", "八", "九", "十", "十一"]
    assert texts(page(with_parts(document=document(body), numbering=NUMBERING))) == [
        *("一、总体情况", "(一)组织领导", "(二)主动公开", "1.数量", "二、申请情况", "(一)受理", "圆点"),
        *(f"{number}、第{index}节" for index, number in enumerate(numbers, 3)),
        *("一、另一份", "没有的单"),
    ]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


BEGINS, GOES_ON, TWO_WIDE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'


def test_merged_cells_are_in_the_row_where_they_begin() -> None:
    body = (
        "<w:tbl>"
        f"<w:tr>{cell('结果', BEGINS)}{cell('予以公开')}{cell('3')}</w:tr>"
        f"<w:tr>{cell('', GOES_ON)}{cell('部分公开')}{cell('')}</w:tr>"
        f"<w:tr>{cell('总计', TWO_WIDE)}{cell('3')}</w:tr>"
        "</w:tbl>"
    )
    (block,) = page(with_parts(document=document(body))).blocks
    assert block.table is not None
    assert block.table.rows == (
        (Cell("结果", None, 2, 1), Cell("予以公开"), Cell("3")),
        (Cell("部分公开"), Cell("")),
        (Cell("总计", None, 1, 2), Cell("3")),
    )


def test_a_table_around_tables_lays_out_the_page() -> None:
    inner = f"<w:tbl><w:tr>{cell('行政许可')}{cell('5')}</w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc><w:p>{run('一、总体情况')}</w:p>{inner}<w:p>{run('以上。')}</w:p></w:tc></w:tr></w:tbl>"
    read = page(with_parts(document=document(body)))
    assert texts(read) == ["一、总体情况", "▦", "以上。"]
    assert rows(read) == [[["行政许可", "5"]]]


def test_a_title_in_the_properties_is_metadata() -> None:
    made = docx.Document()
    made.core_properties.title = "白桦镇年报"
    made.add_paragraph("一、总体情况")
    file = io.BytesIO()
    made.save(file)
    assert page(file.getvalue()).metadata == {"title": "白桦镇年报"}


def test_entities_are_not_expanded() -> None:
    outside = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    assert texts(page(with_parts(document=outside + document(f"<w:p>{run('甲')}{run('&e;')}</w:p>")))) == ["甲"]
