"""The rules are data, and data is linted like code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from archive.cues.heading_numbers import numbered
from archive.extract.sections import split
from archive.rulebook import rulebook
from archive.text.match import fold_alnum
from archive.text.normalize import normal_form
from archive.vocabulary import (
    TABLES,
    column_label,
    form_codes,
    form_label,
    form_of_year,
    form_years,
    row_label,
    section_codes,
    section_label,
    statutory_layout,
    table_label,
    table_rules,
)
from tests.archive.headings import HEADINGS, MERGED
from tests.archive.pages import FORM, TRIAL, paragraphs, request_labels

FORMS = [f"forms/{table}.toml" for table in TABLES]
_RULES = files("archive") / "rules"
BOOKS = sorted(
    prefix + file.name
    for folder, prefix in ((_RULES, ""), (_RULES / "forms", "forms/"))
    for file in folder.iterdir()
    if file.name.endswith(".toml")
)
_REGEX_KEYS = {"pattern", "patterns", "strong", "match", "starts", "ends", "again", "item", "unit_header", "vague"}


def values(book: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a rulebook with the key that it stands under."""
    if isinstance(book, dict):
        for name, value in book.items():
            yield from values(value, name)
    elif isinstance(book, list):
        for value in book:
            yield from values(value, key)
    elif isinstance(book, str):
        yield key, book


REGEXES = [(name, source) for name in BOOKS for key, source in values(rulebook(name)) if key in _REGEX_KEYS]


def test_each_table_has_its_file_of_rules() -> None:
    assert set(FORMS) == {book for book in BOOKS if book.startswith("forms/")} - {"forms/forms.toml"}


@pytest.mark.parametrize(("book", "source"), REGEXES, ids=[f"{book} {source}" for book, source in REGEXES])
def test_a_regular_expression_compiles_and_is_in_the_normal_form(book: str, source: str) -> None:
    re.compile(source)
    written = re.sub(r"\\.|\(\?P<|\(\?", "", source)
    brackets = str.maketrans("[]", "()")  # of a class of characters; the normal form has round ones alone
    assert normal_form(written) == written.translate(brackets), "what it is matched against has no such characters"


@pytest.mark.parametrize("book", BOOKS)
def test_no_pattern_stands_twice(book: str) -> None:
    if book.startswith("forms/"):
        sources = [row["match"] for kind in ("row", "column") for row in rulebook(book).get(kind, ()) if "match" in row]
        forms = Counter((row.get("match"), row.get("form")) for row in rulebook(book).get("row", ()) if "match" in row)
        repeats = {match for (match, _), count in forms.items() if count > 1}
        assert book == "forms/statistics.toml" or not repeats, sources
        return
    counts = Counter(source for key, source in values(rulebook(book)) if key in ("pattern", "patterns", "strong"))
    assert [source for source, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("book", "kind"),
    [
        ("sections.toml", "section"),
        ("forms/forms.toml", "form"),
        *((name, part) for name in FORMS for part in ("row", "column")),
    ],
)
def test_each_code_is_spelled_once_and_named_in_both_languages(book: str, kind: str) -> None:
    rows = rulebook(book)[kind]
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    for row in rows:
        assert re.fullmatch(r"[a-z0-9_.-]+", row["code"])
        assert row["zh"].strip()
        assert row["en"].strip()
        assert row["en"].isascii() or "–" in row["en"] or "’" in row["en"]


HEADING_TEXTS = [fold_alnum(numbered(heading).rest) for heading, _ in (*HEADINGS, *MERGED)]
SECTION_PATTERNS = [
    (row["code"], source)
    for row in rulebook("sections.toml")["section"]
    for source in (*row["patterns"], *row.get("strong", ()))
]


@pytest.mark.parametrize(
    ("code", "source"), SECTION_PATTERNS, ids=[f"{code} {source}" for code, source in SECTION_PATTERNS]
)
def test_no_row_of_the_sections_is_dead(code: str, source: str) -> None:
    assert any(re.search(source, text) for text in HEADING_TEXTS)


UNNUMBERED = [(row["code"], name) for row in rulebook("sections.toml")["section"] for name in row.get("unnumbered", ())]


@pytest.mark.parametrize(("code", "name"), UNNUMBERED, ids=[name for _, name in UNNUMBERED])
def test_a_heading_without_a_number_is_written_bare_and_found(code: str, name: str) -> None:
    (section,), _ = split(paragraphs(name, "做了许多事。"))
    assert (section.code, section.heading) == (code, name)


def test_every_unnumbered_name_is_bare() -> None:
    """A name is compared in its bare form; one with punctuation in it can never be found."""
    assert [name for _, name in UNNUMBERED if fold_alnum(name) != name] == []


INJECTED = [
    ("2200游戏abet官网", 0),
    ("登录365bet", 1),
    ("凯发k8首页", 2),
    ("太阳城娱乐", 3),
    ("时时彩", 4),
    ("图书馆VIP", 5),
]


def test_every_rule_on_advertising_has_a_line_that_it_eats() -> None:
    rules = rulebook("injected.toml")["injected"]
    assert {at for _, at in INJECTED} == set(range(len(rules)))
    for line, at in INJECTED:
        assert re.search(rules[at]["pattern"], normal_form(line)), line


@pytest.mark.parametrize("book", ["boilerplate.toml", "injected.toml", "headings.toml"])
def test_every_odd_row_has_its_reason(book: str) -> None:
    for rows in rulebook(book).values():
        assert all(row["reason"].strip() for row in rows)


@pytest.mark.parametrize(("form", "rows"), [(TRIAL, 23), (FORM, 25)])
def test_the_requests_table_has_the_rows_of_the_words_in_their_order(form: str, rows: int) -> None:
    layout = statutory_layout(form, "requests")
    assert layout is not None
    assert layout.rows == tuple(code for code, _, _ in request_labels(form))
    assert len(layout.rows) == rows
    assert layout.columns == (
        *("natural_person", "enterprise", "research", "nonprofit", "legal_service", "other_organisation", "total"),
    )


def test_the_review_table_has_its_fifteen_cells() -> None:
    layout = statutory_layout(FORM, "review")
    assert layout is not None
    assert layout.rows == ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    assert layout.columns == ("upheld", "corrected", "other", "pending", "total")


PROACTIVE = {
    TRIAL: ["rules", "normative_documents", "licences", "penalties", "coercive_measures", "charges", "procurement"],
    FORM: ["rules", "normative_documents", "licences", "penalties", "coercive_measures", "charges"],
}


@pytest.mark.parametrize("form", PROACTIVE)
def test_the_proactive_table_has_the_rows_of_the_words(form: str) -> None:
    layout = statutory_layout(form, "proactive")
    assert layout is not None
    assert [row for row in layout.rows if not row.startswith("other_services")] == PROACTIVE[form]


@pytest.mark.parametrize("table", TABLES)
def test_a_label_is_known_by_its_own_rule(table: str) -> None:
    """The name of each row matches the rule that reads it, where it has one."""
    for row in table_rules(table)["row"]:
        if "match" in row and "splits" not in row:
            assert re.search(row["match"], fold_alnum(row["zh"])), row["code"]


SECTIONS = [
    *("preface", "overview", "proactive", "requests", "review", "staff_fees", "consultation", "organisation"),
    *("interpretation", "key_areas", "oversight", "platforms", "management", "proposals", "problems", "plan", "other"),
    *("appendix", "unclassified"),
]


def test_the_sections_are_those_of_the_words() -> None:
    assert sorted(section_codes()) == sorted(SECTIONS)
    assert section_label("requests", "zh") == "依申请公开"
    assert section_label("requests", "en") == "Requests"


@pytest.mark.parametrize(
    ("year", "form"),
    [
        (2008, "prose-2008"),
        (2018, "prose-2008"),
        (2019, TRIAL),
        (2020, TRIAL),
        (2021, FORM),
        (2025, FORM),
        (2001, "prose-2008"),
    ],
)
def test_the_form_of_a_year(year: int, form: str) -> None:
    assert form_of_year(year) == form
    first, last = form_years(form)
    assert year == 2001 or first <= year <= (last or year)


def test_labels_of_forms_tables_rows_and_columns() -> None:
    assert form_codes() == ("prose-2008", TRIAL, FORM)
    assert form_label(FORM, "zh") == "2021年格式"
    assert table_label("requests", "en") == "Requests received and handled"
    assert row_label(TRIAL, "proactive", "normative_documents", "zh") == "规范性文件"
    assert row_label(FORM, "proactive", "normative_documents", "zh") == "行政规范性文件"
    assert row_label(TRIAL, "proactive", "other_services.行政奖励", "zh") == "行政奖励"
    assert column_label(FORM, "requests", "total", "en") == "Total"
    assert column_label(None, "prose", None, "zh") == ""
