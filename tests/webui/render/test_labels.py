"""Chinese labels have full-width punctuation; printed text is unchanged."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.notices import codes
from webui.render.labels import NOTICES, form_label, full_width, row_label

# '公开(一)', '公开,', ':公开'
_HALF = re.compile(r"[\u3400-\u9fff][,:;()!?]|[,:;()!?][\u3400-\u9fff]")


@pytest.mark.parametrize(
    ("shown", "expected", "reason"),
    [
        (form_label("prose-2008", "zh"), "2008—2018年（文字报告）", "a label of ours"),
        (form_label("prose-2008", "en"), "2008–2018 (prose)", "English keeps its own"),
        (row_label("form-2021", "requests", "granted", "zh"), "（一）予以公开", "a row that the form names"),
        (
            row_label("trial-2019", "proactive", "other_services.奖励(其他)", "zh"),
            "奖励(其他)",
            "what a page prints stays",
        ),
        (full_width("甲,乙;丙:丁", "zh"), "甲，乙；丙：丁", "every mark"),
    ],
)
def test_labels(shown: str, expected: str, reason: str) -> None:
    assert shown == expected, reason


def test_every_notice_has_a_name_of_its_own() -> None:
    assert set(NOTICES) == set(codes())
    assert len({str(name) for name in NOTICES.values()}) == len(NOTICES)


def test_every_sentence_of_the_site_has_full_width_marks() -> None:
    with files("webui").joinpath("translations", "en", "LC_MESSAGES", "messages.po").open("rb") as file:
        sentences = [str(message.id) for message in read_po(file, locale="en") if message.id]
    assert [sentence for sentence in sentences if _HALF.search(sentence)] == []


@pytest.mark.parametrize("address", ["/figures?table=requests", "/help", "/agencies/yunxi-shui-wu-ju", "/"])
def test_pages_have_full_width_punctuation_only(client: FlaskClient, address: str) -> None:
    page = BeautifulSoup(client.get(address).text, "lxml")
    main = page.find("main")
    assert main is not None
    for quoted in main.select("[lang], code, .examples"):
        quoted.decompose()
    assert not _HALF.search(main.get_text(" "))
