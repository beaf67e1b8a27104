import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.clean import clean, clean_part

CASES = [
    ("引 言", "引言", "a heading spread over its line"),
    ("科研 机构", "科研机构", "a narrow cell"),
    ("科研\u3000\u3000机构", "科研机构", "ideographic spaces"),
    ("政府\xa0\xa0信息", "政府信息", "no-break spaces"),
    ("2024 年", "2024年", "digits spaced by a word processor"),
    ("共 5 件", "共5件", "spaces on both sides"),
    ("共 ５ 件", "共５件", "full-width digits count as digits"),
    ("12 34", "12 34", "two numbers stay two"),
    ("Open data", "Open data", "words in other scripts stay separate"),
    ("关于 PDF 文件", "关于PDF文件", "Latin letters spaced by a word processor"),
    ("R&D 经费,Q＆A 栏目", "R&D经费,Q＆A栏目", "letters with a sign between them"),
    ("达 99.5 %,占99.5% 的", "达99.5%,占99.5%的", "a percent sign"),
    ("3 000 件,GDP 5 %", "3 000件,GDP 5%", "only the space beside Han or before the percent sign"),
    ("公众号 “ 发布 ” 公开", "公众号“发布”公开", "quotation marks around Han"),
    ('公众号 "发布" 公开', '公众号"发布"公开', "straight quotation marks"),
    ("“ 5” 和 ‘ 三公 ’", "“5”和‘三公’", "inside quotation marks"),
    ("手机 APP “发布” V2", "手机APP“发布”V2", "Latin letters beside a quotation of Han"),
    ("the “Open data” plan", "the “Open data” plan", "a quotation among words of another script"),
    ("政策 (试行) 发布:甲, 乙", "政策(试行)发布:甲,乙", "half-width punctuation, as full-width"),
    ("政策 （试行） 发布：甲， 乙", "政策（试行）发布：甲，乙", "full-width punctuation"),
    ("（一） （二） (三) (四)", "（一）（二）(三)(四)", "between two brackets"),
    ("data (open), v. 2", "data (open), v. 2", "punctuation among words of another script"),
    ("- 甲 | 乙", "- 甲 | 乙", "a mark of a list or a table"),
    ("\uf9dc、\U0002f81a、\ufa0e", "隆、冬、\ufa0e", "compatibility ideographs; the last one has no other form"),
    ("更\uf901 新", "更更新", "a compatibility ideograph is Han"),
    ("甲 、 乙", "甲、乙", "beside Chinese punctuation"),
    ("《 条例 》", "《条例》", "inside title marks"),
    ("一 \u200b 二", "一二", "a zero-width space between two spaces"),
    ("信\u200b息\ufeff公\u00ad开", "信息公开", "zero-width characters"),
    ("\u202e政府\u202c", "政府", "direction marks"),
    ("⼀、⾏政⼈员", "一、行政人员", "Kangxi radicals of a PDF font"),
    ("人⺠政府第3⻚", "人民政府第3页", "radicals of another block, which Unicode does not normalise"),
    ("⻁山门⼾,⻓江", "虎山门户,长江", "radicals in simplified script"),
    ("門⼾開⾨", "門戶開門", "radicals in traditional script"),
    ("門⼾\n门⼾", "門戶\n门户", "each line has its script"),
    ("祁\ufe00门", "祁门", "a variation selector"),
    ("葛\U000e0100庄标有✔\ufe0f标记", "葛庄标有✔标记", "variation selectors of ideographs and of emoji"),
    ("信\u034f息\u3164公\u2066开", "信息公开", "joiners, fillers and isolates"),
    ("第 ⼆ 条", "第二条", "a radical is Han, so the spaces around it go"),
    ("  甲 \n\t乙  ", "甲\n乙", "each line is stripped, line feeds stay"),
    ("甲\n\n乙", "甲\n\n乙", "an empty line stays"),
    ("甲\r乙\x0b丙", "甲乙丙", "other line ends are spaces, as readers divide lines before"),
    (
        "甲\x07乙\x00丙\x1b[31m丁\x9f",
        "甲乙丙[31m丁",
        "control characters are removed",
    ),
    ("????一、总体情况", "一、总体情况", "an indent written as question marks"),
    ("? ?(二)公开的形式", "(二)公开的形式", "the same with spaces between"),
    ("引言\n\n??一、总体情况", "引言\n\n一、总体情况", "an indent of one line only"),
    ("公开了吗?公开了", "公开了吗?公开了", "a question mark inside a line is kept"),
    ("?", "?", "a question mark alone is kept"),
    ("", "", "nothing"),
]

_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("一二政府5５ \u3000\xa0\t\n\u200b⼀、AB%“”\"'\uf9dc\U0002f81a\x1b??("))
)


@pytest.mark.parametrize(("text", "cleaned", "reason"), CASES, ids=[case[2] for case in CASES])
def test_cleaned(text: str, cleaned: str, reason: str) -> None:
    assert clean(text) == cleaned


def test_a_part_of_a_paragraph_has_no_indent() -> None:
    assert clean_part("?公 开") == "?公开"


@given(_TEXT)
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(_TEXT, st.integers(0, 20), st.integers(1, 20))
def test_a_part_of_a_clean_text_is_clean(text: str, start: int, length: int) -> None:
    """Else a phrase of a query would differ from the text that it was copied from."""
    part = clean(text)[start : start + length].strip()
    assert clean_part(part) == part


@pytest.mark.parametrize("block", [range(0xF900, 0xFB00), range(0x2F800, 0x2FA20)], ids=["basic plane", "supplement"])
def test_every_compatibility_ideograph_becomes_its_unified_form(block: range) -> None:
    for character in map(chr, block):
        if unicodedata.decomposition(character):
            assert clean(character) == unicodedata.normalize("NFC", character) != character


@given(_TEXT)
def test_lines_are_kept(text: str) -> None:
    assert clean(text).count("\n") == text.count("\n")
    assert clean(text).split("\n") == [clean(line) for line in text.split("\n")]


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_running_han_text_is_unchanged(text: str) -> None:
    assert clean(text) == text
