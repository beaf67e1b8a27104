from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from archive.analysis.breaks import breaks_between
from archive.analysis.compare import compare
from archive.errors import GongkaiError, Language
from archive.export.json import comparison_json
from archive.extract.pipeline import read_source
from archive.model import Report, Source
from archive.rulebook import rulebook
from archive.store.catalogue import Catalogue
from archive.vocabulary import TABLES
from gongkai.cli.compare import compare as command
from gongkai.cli.context import Context
from tests.archive.pages import FORM, TRIAL, balanced, form_report, prose_report, report

AGENCY = "泉州市教育局"
EARLIER = prose_report(AGENCY, 2015, body="全年公开平稳有序。收到政府信息公开申请4件。")
LATER = [
    line.replace("设有受理点一处。", "收到申请1件,已依法答复。")
    for line in prose_report(AGENCY, 2016, body="全年公开平稳有序。收到政府信息公开申请9件。")
    if line != "宣传还不够。"
] + ["五、其他需要报告的事项", "无其他事项。"]


def prose(lines: list[str]) -> Report:
    return report(lines)


def form(year: int, kind: str = FORM, new: int = 3) -> Report:
    title = f"{AGENCY}{year}年政府信息公开工作年度报告"
    return report(form_report(title, cells=balanced(new, 1, 2, kind), form=kind))


def test_each_paragraph_has_its_fate() -> None:
    comparison = compare(prose(EARLIER), prose(LATER))
    fates = {
        pair.section.anchor: [(line.fate, line.numbers_only, line.passage.text) for line in pair.lines]
        for pair in comparison.sections
    }
    assert fates["preface"] == [("kept", False, f"本报告根据《中华人民共和国政府信息公开条例》,由{AGENCY}编制。")]
    assert fates["overview"] == [("changed", True, "2016年,全年公开平稳有序。收到政府信息公开申请9件。")]
    assert fates["proactive"] == [("kept", False, "通过网站公开各类信息。")]
    assert [fate for fate, *_ in fates["requests"]] == ["added", "dropped"]
    assert fates["problems"] == [("dropped", False, "宣传还不够。")]
    assert fates["other"] == [("added", False, "无其他事项。")]
    assert comparison.counts == {"kept": 2, "changed": 1, "added": 2, "dropped": 2}


def test_every_paragraph_of_both_reports_occurs_once() -> None:
    before, after = prose(EARLIER), prose(LATER)
    lines = [line for pair in compare(before, after).sections for line in pair.lines]
    for given, side in ((before, "before"), (after, "after")):
        texts = [paragraph.text for section in given.sections for paragraph in section.paragraphs]
        passages = [passage for line in lines if (passage := getattr(line, side))]
        assert {passage.number: passage.text for passage in passages} == dict(enumerate(texts, 1))
        assert len(passages) == len(texts)


def test_a_dropped_section_keeps_its_position() -> None:
    before, after = prose(EARLIER), prose(EARLIER)
    after = replace(after, fingerprint="other", sections=tuple(s for s in after.sections if s.code != "proactive"))
    anchors = [pair.section.anchor for pair in compare(before, after).sections]
    assert anchors == [section.anchor for section in before.sections]


def test_a_moved_paragraph_is_marked() -> None:
    before = prose(EARLIER)
    overview, proactive = (next(s for s in before.sections if s.code == code) for code in ("overview", "proactive"))
    moved = (
        replace(overview, paragraphs=(*overview.paragraphs, *proactive.paragraphs)),
        replace(proactive, paragraphs=()),
    )
    after = replace(before, fingerprint="other", sections=moved)
    (line,) = [line for pair in compare(before, after).sections for line in pair.lines if line.moved]
    assert (line.fate, line.passage.text, line.passage.section) == ("kept", "通过网站公开各类信息。", "overview")


def test_the_carried_share_ignores_numbers_and_years() -> None:
    comparison = compare(
        prose(EARLIER), prose(prose_report(AGENCY, 2016, body="全年公开平稳有序。收到政府信息公开申请30件。"))
    )
    assert comparison.share == 1.0
    assert compare(form(2021), replace(form(2022), sections=())).share is None, "there is no text"


@pytest.mark.parametrize(
    ("before", "after", "difference", "broken", "reason"),
    [
        (form(2021, new=3), form(2022, new=10), Decimal(7), [], "one form"),
        (form(2020, TRIAL), form(2021), None, ["form"], "the columns changed meaning in 2021"),
    ],
)
def test_figures_are_paired(
    before: Report, after: Report, difference: Decimal | None, broken: list[str], reason: str
) -> None:
    tables = {table.table: table for table in compare(before, after).tables}
    requests = tables["requests"]
    new = next(pair for pair in requests.pairs if (pair.figure.row, pair.figure.column) == ("new", "total"))
    assert new.before is not None and new.after is not None
    assert new.difference == difference, reason
    assert [each.code for each in requests.breaks] == broken, reason
    only = {pair.figure.row for pair in requests.pairs if pair.before is None}
    assert only == ({"other.correction_overdue", "other.fee_overdue", "other.other"} if broken else set())


@pytest.mark.parametrize(
    ("table", "years", "codes", "reason"),
    [
        ("review", (2023, 2024), ["reconsideration_law"], "the revised law"),
        ("review", (2022, 2025), ["reconsideration_law"], "years far apart"),
        ("review", (2024, 2025), [], "both after it"),
        ("requests", (2023, 2024), [], "another table"),
    ],
)
def test_breaks(table: str, years: tuple[int, int], codes: list[str], reason: str) -> None:
    model = form(2022)
    before, after = (replace(model, year=year) for year in years)
    assert [each.code for each in breaks_between(table, before, after)] == codes, reason
    assert [each.code for each in breaks_between(table, after, before)] == codes, "either way"


def test_breaks_name_existing_tables() -> None:
    for row in rulebook("breaks.toml")["break"]:
        assert set(row.get("tables", ())) <= {*TABLES, "prose"}
        assert ("first_year" in row) is not row.get("between_forms", False), "one condition at least"
        assert row["zh"] and row["en"] and row["source"]


def test_a_figure_in_another_unit_is_not_subtracted() -> None:
    before, after = form(2021), form(2022)
    after = replace(after, figures=tuple(msgspec.structs.replace(figure, unit="万元") for figure in after.figures))
    (requests,) = [table for table in compare(before, after).tables if table.table == "requests"]
    assert {pair.difference for pair in requests.pairs} == {None}


def test_a_report_does_not_differ_from_itself() -> None:
    with pytest.raises(GongkaiError) as caught:
        compare(form(2022), form(2022))
    assert caught.value.zh == "2022年的报告和它自己没有不同。请给出两个年份。"
    assert caught.value.en == "The report on 2022 does not differ from itself. Give two years."


def test_the_json_is_json() -> None:
    document = msgspec.json.decode(msgspec.json.encode(comparison_json(compare(form(2020, TRIAL), form(2021)), "en")))
    assert set(document) == {"agency", "before", "after", "carried_over", "paragraphs", "sections", "figures"}
    figure = next(each for each in document["figures"] if each["row"] == "new" and each["column"] == "total")
    assert (figure["before"]["value"], figure["after"]["value"], figure["difference"]) == ("3", "3", None)
    assert figure["breaks"][0]["reason"].startswith("The forms differ")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path) as catalogue:
        for lines in (EARLIER, LATER):
            data = "\n".join(lines).encode()
            source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(read_source(data, source, catalogue.agencies()), data)
    return tmp_path


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            [
                "段落：未变 2，改动 1，新增 2，删去 2。",
                "~ [-2015-]{+2016+}年,",
                "- 宣传还不够。",
                "+ 无其他事项。",
                "4件 → 9件 (+5)",
            ],
        ),
        (
            "en",
            [
                "Paragraphs: 2 kept, 1 changed, 2 added, 2 dropped.",
                "of the text is carried over from the report on 2015",
            ],
        ),
    ],
)
@pytest.mark.parametrize("years", [("2015", "2016"), ("2016", "2015")], ids=["in order", "the later year first"])
def test_the_command(home: Path, language: Language, expected: list[str], years: tuple[str, str]) -> None:
    result = CliRunner().invoke(command, ["泉州教育", *years], obj=Context(home, language))
    assert result.exit_code == 0, result.output
    for text in expected:
        assert text in result.output


def test_the_command_as_json(home: Path) -> None:
    result = CliRunner().invoke(command, ["泉州教育", "2015", "2016", "--json"], obj=Context(home, "zh"))
    assert json.loads(result.stdout)["paragraphs"] == {"kept": 2, "changed": 1, "added": 2, "dropped": 2}


def test_a_year_without_a_report_is_an_error(home: Path) -> None:
    result = CliRunner().invoke(command, ["泉州教育", "2015", "1999"], obj=Context(home, "zh"))
    assert isinstance(result.exception, GongkaiError)
    assert result.exception.zh == "泉州市教育局没有1999年的报告。档案里有：2015、2016。"
