from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import archive
from archive.errors import Language
from archive.model import Notice, SourceSpan
from archive.notices import codes, message, notice
from archive.rulebook import rulebook
from archive.vocabulary import table_names

RULES = rulebook("notices.toml")
WORDS = {
    *("duplicate_report", "missing_year", "inferred_year", "unknown_heading", "unknown_row", "check_failed"),
    *(
        "unit_in_cell",
        "blank_cell",
        "image_only",
        "no_report",
        "prose_arithmetic",
        "injected_text",
        "encoding_repaired",
    ),
    *("truncated_source", "year_conflict", "early_form", "agency_unknown", "agency_refused", "head_differs"),
}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def made() -> dict[str, list[set[str]]]:
    """The codes of all notices that the archive creates, with the facts of each call."""
    found: dict[str, list[set[str]]] = {}
    for path in Path(archive.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "notice":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: the code is not a constant"
                facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                if any(keyword.arg is None for keyword in node.keywords):
                    facts |= table_names("requests").keys()  # passed as **names
                found.setdefault(str(node.args[0].value), []).append(facts)
    return found


MADE = made()


DOCUMENTED = re.findall(
    r"^\| `(\w+)` \| (\w+) \| (.+) · (.+) \|$",
    (Path(__file__).parents[2] / "docs" / "notices.md").read_text("utf-8"),
    re.MULTILINE,
)


def test_every_code_is_documented_with_its_severity_and_what_it_means() -> None:
    assert [(code, severity) for code, severity, _, _ in DOCUMENTED] == [
        (code, rule["severity"]) for code, rule in RULES.items()
    ]
    assert all(re.search("[\u4e00-\u9fff]", zh) and en.isascii() for _, _, zh, en in DOCUMENTED)


def test_documented_codes_exist() -> None:
    assert set(codes()) >= WORDS


def test_the_codes_of_notices_are_those_of_the_rules() -> None:
    assert set(MADE) == set(codes())


@pytest.mark.parametrize("code", RULES)
def test_messages_use_the_facts_of_the_notice_in_both_languages(code: str) -> None:
    rule = RULES[code]
    assert rule["severity"] in ("info", "warning", "error")
    assert rule["zh"].endswith(("。", "}"))
    assert rule["en"].endswith((".", "}"))
    assert not any("\u4e00" <= character <= "\u9fff" for character in rule["en"])
    for facts in MADE[code]:
        assert fields(rule["zh"]) | fields(rule["en"]) <= facts | {"place"}


def test_the_message_of_a_notice() -> None:
    created = notice("missing_year", year=2012, since=2008, until=2018)
    assert created == Notice(
        "missing_year", "warning", SourceSpan(), {"year": "2012", "since": "2008", "until": "2018"}
    )
    assert message(created, "zh") == "本页有2008年至2018年的报告，但缺2012年。请向该机关核实是否另行发布。"
    assert message(created, "en") == (
        "This page has reports on 2008 to 2018, but none on 2012. "
        "Ask the agency, or look on its site, whether it was published elsewhere."
    )


def test_braces_in_facts_are_not_interpreted() -> None:
    created = notice("unknown_heading", heading="二、{0} {place} {x!r}")
    assert "二、{0} {place} {x!r}" in message(created, "zh")


@pytest.mark.parametrize(
    ("place", "shown"),
    [(SourceSpan(), ""), (SourceSpan(3), "3"), (SourceSpan(3, 3), "3"), (SourceSpan(3, 7), "3-7")],
    ids=str,
)
def test_places_are_written_as_lines(place: SourceSpan, shown: str) -> None:
    assert str(place) == shown


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        notice("nonsense")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", RULES)
def test_every_notice_has_the_facts_of_its_message(code: str, language: Language) -> None:
    for facts in MADE[code]:
        assert message(notice(code, SourceSpan(3), **dict.fromkeys(facts, "甲")), language)


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        message(notice("missing_year", year="2012"), "en")
