from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.normalize import normal_form

CASES = [
    ("ＡＢＣ１２３", "abc123", "full width"),
    ("PM2.5", "pm2.5", "letters in any case"),
    ("政府信息公開", "政府信息公开", "traditional"),
    ("諮詢", "咨询", "traditional form of a variant"),
    ("谘询", "咨询", "variant"),
    ("國辦發〔二○一四〕", "国办发(二〇一四)", "circle in place of the numeral"),
    ("〔2021〕【2021】［2021］（2021）[2021]", "(2021)" * 5, "brackets"),
    ("“以公开为常态”‘’「」『』＂", '"以公开为常态"' + '"' * 7, "quotation marks"),
    ("—–－−-", "-----", "dashes"),
    ("2014～2018〜", "2014~2018〜", "a wave is a range, not a dash"),
    ("甲\u3000乙\xa0丙\t丁", "甲 乙 丙 丁", "white space"),
    ("甲\n乙", "甲\n乙", "a line feed is kept"),
    ("：，；！？", ":,;!?", "full-width punctuation"),
    ("ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳ甲𠀀", "abcdefghijklmnopqrs甲𠀀", "many different characters in one text"),
    ("、。《》", "、。《》", "punctuation without a half-width form"),
    ("①", "1", "a circled number is one unit"),
    ("⑩…", "⑩…", "a form of more units would move offsets"),
    ("ß", "ß", "a case fold of two letters would move offsets"),
    ("𠮷𝐀", "𠮷𝐀", "outside the basic plane"),
    ("答覆", "答复", "答复 in traditional form on a mirror"),
]


@pytest.mark.parametrize(("text", "form", "reason"), CASES, ids=[case[2] for case in CASES])
def test_forms(text: str, form: str, reason: str) -> None:
    assert normal_form(text) == form


@given(st.text())
def test_an_offset_in_the_form_is_an_offset_in_the_text(text: str) -> None:
    units = [len(char.encode("utf-16-le")) for char in text]
    assert [len(char.encode("utf-16-le")) for char in normal_form(text)] == units


@given(st.text())
def test_the_normal_form_is_idempotent(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)


def test_every_basic_character_has_a_final_form() -> None:
    everything = "".join(map(chr, range(0xD800))) + "".join(map(chr, range(0xE000, 0x10000)))
    form = normal_form(everything)
    assert len(form) == len(everything)
    assert normal_form(form) == form


@given(st.text(), st.text())
def test_the_form_of_a_character_does_not_depend_on_its_context(before: str, after: str) -> None:
    assert normal_form(before + after) == normal_form(before) + normal_form(after)


def _rows(name: str) -> list[list[str]]:
    lines = files("archive").joinpath("rules", name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_each_character_is_in_one_table_once_and_variants_have_a_reason() -> None:
    variants = _rows("variants.tsv")
    rows = [*_rows("han.tsv"), *variants]
    assert len({row[0] for row in rows}) == len(rows)
    assert all(len(char) == 1 for row in rows for char in row[:2])
    assert all(len(row) == 3 and row[2] for row in variants)
