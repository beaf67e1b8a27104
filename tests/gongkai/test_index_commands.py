"""The commands index and search, as they are typed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from archive.errors import GongkaiError, InvalidRequest, Language
from archive.store.catalogue import Catalogue
from gongkai.cli import load_command, main
from gongkai.cli.context import Context
from indexer.engines.whoosh.build.generations import build_index
from indexer.query.query_errors import FilterError, QueryError
from tests.conformance.reports import AGENCIES, CITY, TOWN, build, make_report
from tests.like_agencies import fill
from tests.webui.crowd_reports import READING as CROWD


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the conformance reports; tests only read it."""
    path = tmp_path_factory.mktemp("home")
    build(path)
    return path


def run(home: Path, *arguments: str, language: Language = "zh") -> Result:
    name, *rest = arguments
    return CliRunner().invoke(load_command(name), rest, obj=Context(home, language))


def answer(home: Path, *arguments: str) -> dict[str, dict[str, object]]:
    result = run(home, "search", *arguments, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, dict[str, object]] = json.loads(result.stdout)
    return document


@pytest.mark.parametrize(
    ("arguments", "sections", "reason"),
    [
        (["微博", "微信"], 2, "words joined by blanks"),
        (["微博 微信"], 2, "one argument with blanks"),
        (["微博", "-微信"], 2, "what click does not know belongs to the query"),
        (["「应公开尽公开」"], 2, "a phrase"),
        (["微博", "--year", "2014"], 2, "a year"),
        (["微博", "--year", "2014..2016"], 3, "a range"),
        (["微博", "--year", "2014", "--year", "2021"], 3, "several years"),
        (["--section", "problems", "--section", "依申请公开"], 8, "several sections, by code or label"),
        (["--agency", "市容"], 14, "an agency by an earlier name"),
        (["--agency", TOWN, "--year", "..2014"], 3, "filters all hold"),
        (["--form", "form-2021"], 3, "a form"),
        (["--place", "临水"], 20, "a place"),
        ([], 22, "no query at all"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_search_totals(home: Path, arguments: list[str], sections: int, reason: str) -> None:
    assert answer(home, *arguments)["total"]["sections"] == sections


def test_json_pages_do_not_overlap(home: Path) -> None:
    first = answer(home, "公开", "--limit", "1", "--sort", "year")
    second = answer(home, "公开", "--limit", "1", "--offset", "1", "--sort", "year")
    assert len(first["hits"]) == len(second["hits"]) == 1
    assert first["hits"] != second["hits"]


def test_printed_answer_in_chinese(home: Path) -> None:
    lines = run(home, "search", "「保密审查」").stdout.splitlines()
    assert lines[0] == "同一章节正文中：原文含“保密审查”"
    assert lines[1] == "2 处，1 个章节，1 份报告"
    assert lines[2].startswith("依据：索引版本 1，6 份报告、22 个章节；词典 ")
    assert lines[4] == "1. 临水市城市管理局 2014  七、存在的问题及改进情况  2 处"
    assert lines[5] == "   保密审查不够细,保密审查人员不足。舆情回应慢。"
    assert lines[6] == f"   /reports/{CITY}/2014#problems"
    assert "年份  2014 1" in lines


def test_printed_answer_in_english(home: Path) -> None:
    lines = run(home, "search", "「保密审查」", language="en").stdout.splitlines()
    assert lines[0] == "Sections with: exactly “保密审查”"
    assert lines[1] == "2 occurrences, 1 section, 1 report"
    assert "Year  2014 1" in lines


def test_empty_answer_suggests_a_next_step(home: Path) -> None:
    assert "没有找到。可以换个说法、去掉引号，或放宽年份和其他筛选。" in run(home, "search", "登陆月球").stdout
    assert "这一页没有了，请减小 --offset。" in run(home, "search", "微博", "--offset", "99").stdout


def test_one_hit_is_no_range(home: Path) -> None:
    sections = answer(home, "公开")["total"]["sections"]
    expected = f"Listed: 2 of {sections} sections. Add --offset 2 for the next ones."
    assert expected in run(home, "search", "公开", "--limit", "1", "--offset", "1", language="en").stdout


def test_alternative_readings_are_printed(home: Path) -> None:
    lines = run(home, "search", "民政").stdout.splitlines()
    assert lines[1] == "4 处，2 个章节，1 份报告"
    assert lines[3:5] == [
        '也可理解为 "民政"：4 处，2 个章节，1 份报告',
        "也可理解为 word:民政：2 处，2 个章节，1 份报告",
    ]


def test_reports_without_the_figure_are_counted(home: Path) -> None:
    assert run(home, "search", "requests.new.total>10").stdout.splitlines()[1] == (
        "4 个章节，1 份报告；另有 4 份报告没有所问的数字"
    )


def test_sample_depends_on_the_seed(home: Path) -> None:
    drawn = [[hit["url"] for hit in answer(home, "公开", "--sample", "5", "--seed", seed)["hits"]] for seed in "112"]
    assert len(drawn[0]) == 5
    assert drawn[0] == drawn[1] != drawn[2]
    assert answer(home, "公开", "--sample", "5")["total"] == answer(home, "公开")["total"]


def test_partial_lists_print_their_total(home: Path) -> None:
    assert run(home, "search", "公开", "--sample", "3").stdout.splitlines()[2].endswith("中随机抽取 3 个，种子数 1")
    sections = answer(home, "公开")["total"]["sections"]
    said = f"以上是 {sections} 个章节中的第 3—4 个；后面的请加 --offset 4。"
    assert said in run(home, "search", "公开", "--offset", "2", "--limit", "2").stdout.splitlines()
    assert "--offset" not in run(home, "search", "公开", "--limit", "100").stdout


def test_section_without_text(tmp_path: Path) -> None:
    tables = make_report(CITY, "临水市城市管理局", 2021, [("requests", None, [])], {"requests": [["新收", "12"]]})
    build_index(tmp_path, [tables], AGENCIES, revision=1)
    lines = run(tmp_path, "search", "year:2021").stdout.splitlines()
    assert lines[4:6] == ["1. 临水市城市管理局 2021  （依申请公开）", "   （没有文字）"]


@pytest.mark.parametrize(
    ("command", "arguments", "near"),
    [
        ("search", ("--yaer", "2016", "微博"), "--year"),
        ("search", ("微博", "--sectoin=problems"), "--section"),
        ("concordance", ("--widht", "5", "微博"), "--width"),
        ("trend", ("微博", "--bye", "agency"), "--by"),
    ],
)
def test_misspelt_option_is_refused(home: Path, command: str, arguments: tuple[str, ...], near: str) -> None:
    """Otherwise the query parser reads it as a double negation."""
    error = run(home, command, *arguments).exception
    assert isinstance(error, GongkaiError)
    typed = next(each.partition("=")[0] for each in arguments if each.startswith("--"))
    assert (error.exit_code, error.zh, error.en) == (
        2,
        f"{typed} 不能作检索词。是不是选项 {near}？选项见 --help；要排除一个词，请只写一个减号。",
        f"{typed} cannot be a word of a query. Did you mean the option {near}? See --help for options; "
        "to exclude a word, write one minus sign.",
    )


def test_option_after_the_query_is_refused(home: Path) -> None:
    error = run(home, "search", "微博", "--", "--limit").exception
    assert isinstance(error, GongkaiError)
    assert error.zh == "--limit 不能作检索词。选项请写在 -- 之前。选项见 --help；要排除一个词，请只写一个减号。"


def test_unreadable_filter_ends_a_list(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("微博\n微信\n", "utf-8")
    error = run(home, "search", "--list", str(path), "--year", "20x").exception
    assert isinstance(error, FilterError)


def test_list_prints_a_row_for_each_query(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("微博\n\n  「应公开尽公开」 year:2016\n", "utf-8")
    rows = json.loads(run(home, "search", "--list", str(path), "--json").stdout)
    assert [(row["query"], row["total"]["occurrences"]) for row in rows] == [
        ("微博", 6),
        ("「应公开尽公开」 year:2016", 2),
    ]
    printed = run(home, "search", "--list", str(path), "--year", "2014").stdout.splitlines()
    assert printed[0].split() == ["处", "章节", "报告", "检索式"]
    assert printed[1].split() == ["2", "2", "1", "微博"]
    assert printed[2].strip() == "同一章节正文中：含“微博”。筛选：2014 年"
    assert printed[-1].startswith("依据：索引版本 1，")


def test_list_with_an_error_answers_the_other_queries(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text('"微博\n微博\n', "utf-8")
    result = run(home, "search", "--list", str(path), "--csv")
    assert result.exit_code == 2
    rows = [*csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff")))]
    assert rows[0]["error"].startswith("检索式第 1 个字：引号")
    assert (rows[1]["sections"], rows[1]["error"]) == ("4", "")


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (None, "没有文件 {path}。请检查路径。", "There is no file {path}. Check the path."),
        (
            b"\xff\xfe",
            "{path} 读不出来。它应是 UTF-8 文本，一行一个检索式。",
            "{path} cannot be read. It should be UTF-8 text with a query on each line.",
        ),
        (b"", "{path} 里没有检索式。请一行写一个。", "There is no query in {path}. Write one on each line."),
        (
            b"\xef\xbb\xbf \r\n\n",
            "{path} 里没有检索式。请一行写一个。",
            "There is no query in {path}. Write one on each line.",
        ),
        (
            b"a\n" * (9 << 20),
            "{path} 太大，最多 16 MB。请分成几个文件。",
            "{path} is too large: 16 MB at most. Divide it into several files.",
        ),
    ],
    ids=["no file", "not UTF-8", "empty", "blank lines", "as large as a device without an end"],
)
def test_unreadable_list(home: Path, tmp_path: Path, content: bytes | None, zh: str, en: str) -> None:
    path = tmp_path / "queries.txt"
    if content is not None:
        path.write_bytes(content)
    error = run(home, "search", "--list", str(path)).exception
    assert isinstance(error, GongkaiError)
    assert (error.zh, error.en) == (zh.format(path=path), en.format(path=path))


def test_hits_as_csv(home: Path) -> None:
    rows = [*csv.DictReader(io.StringIO(run(home, "search", "微博", "--csv").stdout.removeprefix("\ufeff")))]
    assert [row["occurrences"] for row in rows] == ["3", "1", "1", "1"]
    assert all(row["as_of"].startswith("索引版本 1") for row in rows)


def test_csv_lists_all_hits_or_states_how_many(home: Path) -> None:
    def rows(*options: str, language: Language = "zh") -> list[dict[str, str]]:
        text = run(home, "search", "", *options, "--csv", language=language).stdout
        return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]

    assert len(rows()) == 22
    assert not any("列出" in row["as_of"] for row in rows())
    assert {row["as_of"].rpartition("；")[2] for row in rows("--limit", "3")} == {"只列出 22 个章节中的 3 个"}
    drawn = rows("--sample", "4", language="en")
    assert {row["as_of"].rpartition("; ")[2] for row in drawn} == {"4 of 22 sections drawn at random, seed 1"}


def test_concordance_aligns_the_matches(home: Path) -> None:
    lines = run(home, "concordance", "「微博」", "--limit", "2").stdout.splitlines()
    assert lines[:2] == ["同一章节正文中：原文含“微博”", "6 处"]
    assert lines[2].endswith("；只列出 6 处中的 2 处")
    assert [cell_len(line.partition("微博")[0]) for line in lines[3:]] == [61, 61]
    assert lines[4].rstrip().endswith("临水市城市管理局 2014 主动公开")
    assert "主动公开信息15件,其中 微博 发布5件。" in lines[4]
    assert len({cell_len(line.partition("临水市城市管理局 2014")[0]) for line in lines[3:]}) == 1


def test_concordance_as_json_and_csv(home: Path) -> None:
    document = json.loads(run(home, "concordance", "微博", "--year", "2016", "--sort", "right", "--json").stdout)
    assert document["total"] == 3
    rows = [*csv.DictReader(io.StringIO(run(home, "concordance", "微博", "-微信", "--csv").stdout[1:]))]
    assert len(rows) == 2


def test_collocates_print_a_table_and_the_words_beside(home: Path) -> None:
    lines = run(home, "collocates", "「申请」", "--window", "2", "--order", "count", "--limit", "2").stdout.splitlines()
    assert lines[0] == run(home, "concordance", "「申请」").stdout.splitlines()[0]
    assert re.match(r"\d+ 处；同一句中左右各 2 个词以内共 \d+ 个词，与 \d+ 个词比较$", lines[1])
    rows = [line.split() for line in lines if re.search(r"\d\.\d\d\s*$", line)]
    document = json.loads(
        run(home, "collocates", "「申请」", "--window", "2", "--order", "count", "--limit", "2", "--json").stdout
    )
    assert [row[:2] for row in rows] == [[each["word"], str(each["observed"])] for each in document["words"]]
    assert lines[-1].startswith("紧邻右侧：")
    for each in document["words"]:
        near = ("--collocate", each["word"], "--window", "2", "--json")
        assert json.loads(run(home, "concordance", "「申请」", *near).stdout)["total"] == each["observed"]


def test_a_window_without_a_collocate_is_refused(home: Path) -> None:
    error = run(home, "concordance", "「申请」", "--window", "2").exception
    assert isinstance(error, GongkaiError) and error.exit_code == 2


def test_trend_prints_a_table_for_each_query(home: Path) -> None:
    lines = run(home, "trend", "微博", "「舆情」", "--agency", "临水").stdout.splitlines()
    assert lines[0] == "同一章节正文中：含“微博”。筛选：机关“临水”（临水市城市管理局）"
    assert [line.split()[:4] for line in lines[1:3]] == [["年份", "处", "章节", "报告"], ["2014", "2", "2", "1"]]
    assert json.loads(run(home, "trend", "微博", "--json").stdout)[0]["points"][0]["occurrences"] == 2


@pytest.mark.parametrize("by", ["year", "agency"])
def test_trend_without_reports(home: Path, by: str) -> None:
    lines = run(home, "trend", "微博", "--year", "1999", "--by", by).stdout.splitlines()
    assert lines[0] == "同一章节正文中：含“微博”。筛选：1999 年（档案中没有这样的年份）"
    assert lines[1] == "没有符合筛选条件的报告。"
    assert lines[-1].startswith("依据：索引版本 1，")


def test_matrix_marks(home: Path) -> None:
    lines = run(home, "trend", "微博", "--by", "agency").stdout.splitlines()
    assert lines[2].split() == ["临水市城市管理局", "2", "-", "3", "-", "0", "-", "-", "-", "-"]
    assert "0 未提及；- 没有这份报告；/ 报告没有文字" in lines
    assert json.loads(run(home, "trend", "微博", "--by", "agency", "--json").stdout)[0]["years"][0] == 2014


def test_query_error_is_raised(home: Path) -> None:
    error = run(home, "search", '"保密').exception
    assert isinstance(error, QueryError)
    assert error.exit_code == 2


def test_index_prints_its_size(tmp_path: Path) -> None:
    assert run(tmp_path, "index").stdout == "索引版本 1：0 份报告，0 个章节。\n"
    assert run(tmp_path, "index", language="en").stdout == "Index version 1: 0 reports, 0 sections.\n"
    assert run(tmp_path, "index", "--rebuild").stdout == "索引版本 2：0 份报告，0 个章节。\n"


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with agencies whose names resemble one another."""
    return fill(tmp_path_factory.mktemp("alike"))


@pytest.mark.parametrize(
    ("query", "language", "lines", "reason"),
    [
        ("西湖区教育局2018年报告", "zh", ["机关：杭州市西湖区教育局（hz-xihu-jyj）2018 2017 2019"], "the year first"),
        ("西湖区教育局 2013", "en", ["Agency: 杭州市西湖区教育局 (hz-xihu-jyj) 2017 2018 2019 (not held: 2013)"],
         "a year that is not held"),
        ("海定区水务局", "zh", ["没有叫“海定区水务局”的机关，您是不是找：",
                        "机关：北京市海淀区水务局（bj-haidian-swj，一字之差）2018 2019"], "a similar name is marked"),
        ("信息公幵", "zh", ["您是不是找：信息公开（23 处，23 个章节，23 份报告）"], "a word of the archive"),
        ("weibo", "en", ["Did you mean: 微博 (23 occurrences, 23 sections, 23 reports)"], "pinyin of a word"),
    ],
)  # fmt: skip
def test_agencies_and_corrections_stand_above_the_answer(
    alike: Path, query: str, language: Language, lines: list[str], reason: str
) -> None:
    output = run(alike, "search", query, language=language).stdout.splitlines()
    assert output[: len(lines)] == lines


def test_an_agency_without_matches_leads_to_its_report(alike: Path) -> None:
    last = run(alike, "search", "西湖区教育局 2018", language="en").stdout.splitlines()[-1]
    assert last == "No text matches. To see a report listed above: gongkai show hz-xihu-jyj 2018"


def test_agencies_and_corrections_are_in_the_json(alike: Path) -> None:
    assert answer(alike, "cyqjyj")["agencies"]["total"] == 2
    assert answer(alike, "微搏")["did_you_mean"][0]["query"] == "微博"  # type: ignore[index]


def test_a_misspelt_field_has_its_correction_on_a_line_of_its_own(alike: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(alike), "search", "yaer:2018"], env={"LC_ALL": "zh_CN.UTF-8"})
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "您是不是找：year:2018"


def test_show_takes_no_similar_name(alike: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(alike), "show", "海定区水务局", "2018"], env={"LC_ALL": "C"})
    assert result.exit_code == 1 and not result.stdout
    assert "您是不是找：北京市海淀区水务局（bj-haidian-swj，一字之差）？" in result.stderr


@pytest.mark.parametrize(("language", "sentence"), [("zh", "检索理解为："), ("en", "Interpreted as: ")])
def test_search_cites_its_totals(home: Path, language: Language, sentence: str) -> None:
    printed = run(home, "search", "微博", "--year", "2014", "--cite", language=language).stdout
    total = answer(home, "微博", "--year", "2014")["total"]
    assert re.findall("^# (.+)$", printed, re.MULTILINE) == ["GB/T 7714", "APA", "BibTeX", "RIS"]
    assert f"{total['occurrences']} 处，{total['sections']} 个章节，{total['reports']} 份报告" in printed
    assert sentence in printed and "http" not in printed, "no address is made up"
    result = run(home, "search", "微博", "--year", "2014", "--cite", "--site", "https://a.example/", "--json")
    document = json.loads(result.stdout)
    assert document["url"].startswith("https://a.example/search?q=%E5%BE%AE%E5%8D%9A&year=2014&cited=")
    assert document["total"] == total
    with pytest.raises(GongkaiError):
        CliRunner().invoke(
            load_command("search"), ["微博", "--cite", "--site", "a.example"], obj=Context(home, language),
            catch_exceptions=False,
        )  # fmt: skip


def test_a_snapshot_is_written_or_the_file_stays_as_it_was(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"before")
    assert run(home, "snapshot", "微博", '"', "-o", str(target)).exit_code != 0
    assert target.read_bytes() == b"before"
    result = run(home, "snapshot", "微博", "--year", "2014", "-o", str(target))
    assert result.exit_code == 0 and "份报告" in result.stdout
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["query.json", "hits.csv", "concordance.csv", "README.txt", "SHA256SUMS"]
        assert json.loads(archive.read("query.json"))["total"] == answer(home, "微博", "--year", "2014")["total"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"], "no partial file stays"
    missing = run(home, "snapshot", "微博", "-o", str(tmp_path / "no" / "a.zip"))
    assert isinstance(missing.exception, GongkaiError)


@pytest.fixture(scope="session")
def repetitive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("repetitive")
    with Catalogue.open(path) as catalogue:
        catalogue.add(CROWD, b"")
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", r"同句见于 \d+ 份报告，最早 \d{4} 年"), ("en", r"Same sentences in \d+ reports, first in \d{4}")],
)
def test_identical_sentences_are_listed_once(repetitive: Path, language: Language, sentence: str) -> None:
    once = answer(repetitive, "保密审查", "--collapse", "--limit", "100")
    every = answer(repetitive, "保密审查", "--limit", "100")
    assert once["total"] == every["total"] and "entries" not in every
    assert len(once["hits"]) == once["entries"] < len(every["hits"])  # type: ignore[operator]
    assert once["hits"][0]["same"]["reports"] > 1  # type: ignore[index]
    assert not any("same" in hit for hit in every["hits"])
    page = run(repetitive, "search", "保密审查", "--collapse", "--limit", "1", language=language).stdout
    assert re.search(sentence, page) and f" {once['entries']} " in page.split("--offset 1")[0], "how many there are"
    rows = [*csv.DictReader(io.StringIO(run(repetitive, "search", "保密审查", "--collapse", "--csv").stdout[1:]))]
    assert [(int(row["reports"]), row["report"]) for row in rows] == [
        (hit["same"]["reports"], hit["report"])
        for hit in once["hits"]  # type: ignore[index]
    ]


def test_a_sample_is_not_collapsed(home: Path) -> None:
    assert isinstance(run(home, "search", "微博", "--collapse", "--sample", "2").exception, InvalidRequest)
