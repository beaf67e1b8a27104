"""Tests that every row of the rules is valid and reads what it says it reads."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest

from archive.cues import section_codes as section_codes_module
from archive.cues.agency_names import kind_of
from archive.cues.agency_structure import name_in
from archive.cues.divisions import level_of
from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, section_patterns
from archive.extract.quality import is_repetitive
from archive.extract.sections import split_sections
from archive.rule_schemas import SCHEMAS
from archive.rulebook import InvalidRulesError, parse_rules, rulebook
from archive.text.match import fold, fold_alnum
from archive.text.normalize import normal_form
from archive.vocabulary import (
    TABLES,
    column_label,
    form_codes,
    form_label,
    form_of_year,
    form_rule,
    row_label,
    section_codes,
    section_label,
    statutory_layout,
    table_label,
    table_rules,
)
from tests.archive.pages import FORM, TRIAL, paragraphs, request_labels

FORMS = [f"forms/{table}.toml" for table in TABLES]
RULES = files("archive") / "rules"
BOOKS = sorted(
    prefix + file.name
    for folder, prefix in ((RULES, ""), (RULES / "forms", "forms/"))
    for file in folder.iterdir()
    if file.name.endswith(".toml")
)


def raw(book: str) -> dict[str, Any]:
    """A file of rules as parsed TOML."""
    return tomllib.loads(RULES.joinpath(*book.split("/")).read_text("utf-8"))


def values(book: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a rulebook with its key."""
    if isinstance(book, dict):
        for name, value in book.items():
            yield from values(value, name)
    elif isinstance(book, list):
        for value in book:
            yield from values(value, key)
    elif isinstance(book, str):
        yield key, book


def pattern_rules(book: object) -> Iterator[dict[str, Any]]:
    """Every row of a rulebook that has a pattern."""
    if isinstance(book, dict):
        if "pattern" in book:
            yield book
        for value in book.values():
            yield from pattern_rules(value)
    elif isinstance(book, (list, tuple)):
        for value in book:
            yield from pattern_rules(value)


REGEX_KEYS = {
    *("pattern", "match", "within", "sure", "starts", "ends", "again", "item", "unit_header", "head", "counted"),
}
REGEXES = [(book, source) for book in BOOKS for key, source in values(raw(book)) if key in REGEX_KEYS]


def test_every_file_has_a_schema() -> None:
    assert set(SCHEMAS) == set(BOOKS)
    assert all(rulebook(book) for book in BOOKS)


def change(book: str, *path: str | int, value: object) -> dict[str, Any]:
    """A file of rules with one value set."""
    rules = raw(book)
    target: Any = rules
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return rules


REFUSED = [
    ("sections.toml", ("section", 3, "stong"), [], "unknown key stong @ sections.toml.section[3]"),
    ("sections.toml", ("section", 3, "strong", 0, "read"), [], "unknown key read @ sections.toml.section[3].strong[0]"),
    ("sections.toml", ("section", 3, "zh"), 3, "not of type str: 3 @ sections.toml.section[3].zh"),
    ("sections.toml", ("section", 3, "strong", 0, "pattern"), "(", "sections.toml.section[3].strong[0].pattern"),
    ("boilerplate.toml", ("boilerplate", 0, "why"), "", "unknown key why @ boilerplate.toml.boilerplate[0]"),
    ("agencies.toml", ("vague_township", "pattern"), "(", "agencies.toml.vague_township.pattern"),
    ("forms/requests.toml", ("row", 3, "sure"), "(", "forms/requests.toml.row[3].sure"),
    ("forms/indicators.toml", ("column", 0, "within"), "(", "forms/indicators.toml.column[0].within"),
    ("forms/indicators.toml", ("head",), "(", "forms/indicators.toml.head"),
    ("forms/indicators.toml", ("counted",), "(", "forms/indicators.toml.counted"),
    ("forms/proactive.toml", ("unit",), "(", "forms/proactive.toml.unit"),
    ("forms/review.toml", ("identity", 0, "lefft"), [], "unknown key lefft @ forms/review.toml.identity[0]"),
    ("notices.toml", ("year_unknown", "severity"), "fatal", "notices.toml['year_unknown'].severity"),
]


@pytest.mark.parametrize(("book", "path", "value", "message"), REFUSED, ids=[case[3] for case in REFUSED])
def test_a_mistake_is_refused_with_file_row_and_key(
    book: str, path: tuple[str | int, ...], value: object, message: str
) -> None:
    with pytest.raises(InvalidRulesError, match=re.escape(message)):
        parse_rules(change(book, *path, value=value), book)


def test_a_missing_key_is_refused() -> None:
    rules = raw("sections.toml")
    del rules["section"][2]["patterns"][0]["reads"]
    with pytest.raises(InvalidRulesError, match=r"missing key reads @ sections\.toml\.section\[2\]\.patterns\[0\]"):
        parse_rules(rules, "sections.toml")


def test_each_table_has_its_file_of_rules() -> None:
    assert set(FORMS) == {book for book in BOOKS if book.startswith("forms/")} - {"forms/forms.toml"}


@pytest.mark.parametrize(("book", "source"), REGEXES, ids=[f"{book} {source}" for book, source in REGEXES])
def test_a_regular_expression_is_in_the_normal_form(book: str, source: str) -> None:
    written = re.sub(r"\\.|\(\?P[<=]|\(\?", "", source)
    brackets = str.maketrans("[]", "()")  # of a class of characters; the normal form has round ones alone
    assert normal_form(written) == written.translate(brackets), "the normal form has no such characters"


@pytest.mark.parametrize("book", BOOKS)
def test_no_pattern_occurs_twice(book: str) -> None:
    if book.startswith("forms/"):
        sources = [row["match"] for kind in ("row", "column") for row in rulebook(book).get(kind, ()) if "match" in row]
        forms = Counter((row.get("match"), row.get("form")) for row in rulebook(book).get("row", ()) if "match" in row)
        repeats = {match for (match, _), count in forms.items() if count > 1}
        assert book == "forms/statistics.toml" or not repeats, sources
        return
    counts = Counter(source for key, source in values(raw(book)) if key == "pattern")
    assert [source for source, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("book", "kind"),
    [
        ("sections.toml", "section"),
        ("forms/forms.toml", "form"),
        *((name, part) for name in FORMS for part in ("row", "column")),
    ],
)
def test_codes_are_unique_and_have_names_in_both_languages(book: str, kind: str) -> None:
    rows = rulebook(book)[kind]
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    for row in rows:
        assert re.fullmatch(r"[a-z0-9_.-]+", row["code"])
        assert row["zh"].strip()
        assert row["en"].strip()
        assert row["en"].isascii() or "–" in row["en"] or "’" in row["en"]


def matches(book: str, rule: Mapping[str, Any], line: str) -> bool:
    """Whether a rule matches a line, with the method that its reader uses."""
    pattern: re.Pattern[str] = rule["pattern"]
    match book:
        case "agency_mentions.toml" if "code" in rule:
            return any(name_in(match["name"], "text") for match in pattern.finditer(fold(line)))
        case "sections.toml":
            return pattern.search(fold_alnum(numbered(line).rest)) is not None
        case "boilerplate.toml":
            return pattern.fullmatch(fold(line)) is not None
        case "headings.toml":
            return pattern.match(fold(line)) is not None
        case "agency_names.toml" if "code" in rule or rule in (
            rulebook(book)["generic"],
            rulebook(book)["before_place"],
        ):
            return pattern.fullmatch(fold(line)) is not None
        case "agencies.toml" if "code" not in rule:
            return pattern.match(fold(line)) is not None
        case _:
            return pattern.search(fold(line)) is not None


PATTERNS = [(book, rule) for book in BOOKS for rule in pattern_rules(rulebook(book))]
PATTERN_IDS = [f"{book} {rule['pattern'].pattern}" for book, rule in PATTERNS]


@pytest.mark.parametrize(("book", "rule"), PATTERNS, ids=PATTERN_IDS)
def test_a_pattern_matches_reads_and_not_the_counter_examples(book: str, rule: dict[str, Any]) -> None:
    assert rule["reads"], "a pattern without an example"
    assert [line for line in rule["reads"] if not matches(book, rule, line)] == []
    if book != "prose.toml":  # its exceptions are rules of their own; `test_prose_figures.py` applies both
        assert [line for line in rule.get("not", ()) if matches(book, rule, line)] == []


CAPTURES = [
    (rule, line, value)
    for book in ("agency_mentions.toml", "dates.toml")
    for rule in pattern_rules(rulebook(book))
    if isinstance(rule["reads"], dict)
    for line, value in rule["reads"].items()
]


@pytest.mark.parametrize(("rule", "line", "value"), CAPTURES, ids=[line for _, line, _ in CAPTURES])
def test_a_pattern_finds_the_values_of_reads(rule: dict[str, Any], line: str, value: str) -> None:
    group = next(group for group in ("name", "year") if group in rule["pattern"].groupindex)
    assert value in [match[group] for match in rule["pattern"].finditer(fold(line))]


@pytest.mark.parametrize("book", ["sections.toml", "boilerplate.toml", "injected.toml", "headings.toml"])
def test_no_example_occurs_twice(book: str) -> None:
    counts = Counter(line for rule in pattern_rules(rulebook(book)) for line in rule["reads"])
    assert [line for line, count in counts.items() if count > 1] == []


def misread_headings() -> list[str]:
    """The headings of `sections.toml` that have other codes than their rows give them."""
    rules = rulebook("sections.toml")
    merged = {row["heading"]: row["codes"] for row in rules["merged"]}
    expected: dict[str, tuple[str, ...]] = dict.fromkeys(rules["unknown"], ())
    for section in rules["section"]:
        for row in pattern_rules(section):
            expected |= {heading: merged.get(heading, (section["code"],)) for heading in row["reads"]}
    return [heading for heading, codes in expected.items() if classify(heading) != codes]


def test_no_pattern_matches_a_heading_of_another_section() -> None:
    assert misread_headings() == []


CODES = [code for code in section_codes() if code != "unclassified"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("source", ["运行", "建设"])
def test_a_pattern_that_is_too_broad_is_detected(code: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broad = {"pattern": re.compile(source), "reads": (source,)}
    sections = [
        section | {"patterns": (*section["patterns"], broad)} if section["code"] == code else section
        for section in rulebook("sections.toml")["section"]
    ]
    monkeypatch.setattr(section_codes_module, "section_rules", lambda: sections)
    for cached in (classify, section_patterns):
        cached.cache_clear()
    try:
        assert misread_headings()
    finally:
        for cached in (classify, section_patterns):
            cached.cache_clear()


LEVELS_AND_KINDS = [
    (read, rule["code"], line)
    for key, read in (("levels", level_of), ("kinds", kind_of))
    for rule in rulebook("agencies.toml")[key]
    for line in rule["reads"]
]


@pytest.mark.parametrize(("read", "code", "name"), LEVELS_AND_KINDS, ids=[case[2] for case in LEVELS_AND_KINDS])
def test_no_level_or_kind_matches_a_name_of_another(read: Callable[[str], str], code: str, name: str) -> None:
    assert read(name) == code


UNNUMBERED = [(row["code"], name) for row in rulebook("sections.toml")["section"] for name in row.get("unnumbered", ())]


@pytest.mark.parametrize(("code", "name"), UNNUMBERED, ids=[name for _, name in UNNUMBERED])
def test_a_known_heading_without_a_number_is_found(code: str, name: str) -> None:
    (section,), _ = split_sections(paragraphs(name, "做了许多事。"))
    assert (section.code, section.heading) == (code, name)


def test_unnumbered_names_are_folded() -> None:
    """Names are compared in the folded form; one with punctuation is never found."""
    assert [name for _, name in UNNUMBERED if fold_alnum(name) != name] == []


@pytest.mark.parametrize("book", ["boilerplate.toml", "injected.toml", "headings.toml", "dates.toml"])
def test_every_exception_has_its_reason(book: str) -> None:
    for rows in rulebook(book).values():
        assert all(row["reason"].strip() for row in rows if isinstance(row, dict))


@pytest.mark.parametrize(("form", "rows"), [(TRIAL, 23), (FORM, 25)])
def test_the_requests_table_has_the_rows_of_the_form_in_their_order(form: str, rows: int) -> None:
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
def test_the_proactive_table_has_the_rows_of_the_form(form: str) -> None:
    layout = statutory_layout(form, "proactive")
    assert layout is not None
    assert [row for row in layout.rows if not row.startswith("other_services")] == PROACTIVE[form]


@pytest.mark.parametrize("table", TABLES)
def test_a_label_matches_its_own_rule(table: str) -> None:
    """The name of each row matches its own rule."""
    for row in table_rules(table)["row"]:
        if "match" in row and "splits" not in row:
            assert re.search(row["match"], fold_alnum(row["zh"])), row["code"]


SECTIONS = [
    *("preface", "overview", "proactive", "requests", "review", "staff_fees", "consultation", "organisation"),
    *("interpretation", "key_areas", "oversight", "platforms", "management", "proposals", "problems", "plan", "other"),
    *("appendix", "unclassified"),
]


def test_the_codes_of_the_sections_are_public() -> None:
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
    rule = form_rule(form)
    assert year == 2001 or rule["first_year"] <= year <= rule.get("last_year", year)


def test_labels_of_forms_tables_rows_and_columns() -> None:
    assert form_codes() == ("prose-2008", TRIAL, FORM)
    assert form_label(FORM, "zh") == "2021年格式"
    assert table_label("requests", "en") == "Requests received and handled"
    assert row_label(TRIAL, "proactive", "normative_documents", "zh") == "规范性文件"
    assert row_label(FORM, "proactive", "normative_documents", "zh") == "行政规范性文件"
    assert row_label(TRIAL, "proactive", "other_services.行政奖励", "zh") == "行政奖励"
    assert column_label(FORM, "requests", "total", "en") == "Total"
    assert column_label(None, "prose", None, "zh") == ""


def test_rules_of_repetition_take_what_they_read_and_leave_the_rest() -> None:
    for rule in rulebook("quality.toml")["repetitive"]:
        length, limits = rule["characters"], (rule["characters"], rule["times_smaller"])
        for text in rule["reads"]:
            assert is_repetitive((text * length)[:length], *limits), text
            assert not is_repetitive((text * length)[: length - 1], *limits), "too short to tell"
        for line in rule["not"]:
            assert not is_repetitive("\n".join(line.format(n=n) for n in range(1000)), *limits), line
