"""The Python API gives the values that the command line prints."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import gongkai
from archive.errors import GongkaiError
from gongkai.archive_api import ReportArchive
from gongkai.cli import load_command, main
from gongkai.cli.context import Context
from gongkai.results import Result
from tests.conformance.reports import CITY, TOWN

CASES: list[tuple[str, Callable[[ReportArchive], Result], str]] = [
    ("search", lambda a: a.search("微博"), "微博"),
    ("search", lambda a: a.search("公开", limit=3, offset=1, sort="year"), "公开 --limit 3 --offset 1 --sort year"),
    ("search", lambda a: a.search("公开", sample=4, limit=4, seed=2), "公开 --sample 4 --seed 2"),
    ("search", lambda a: a.search("公开", collapse=True, limit=3), "公开 --collapse --limit 3"),
    ("search", lambda a: a.search("公开", years=2014), "公开 --year 2014"),
    ("search", lambda a: a.search("公开", years=(2014, 2016)), "公开 --year 2014..2016"),
    ("search", lambda a: a.search("公开", years=(2016, None)), "公开 --year 2016.."),
    ("search", lambda a: a.search("公开", sections=["problems", "overview"], agency=TOWN),
        f"公开 --section problems --section overview --agency {TOWN}"),
    ("search", lambda a: a.search("公开", form="form-2021"), "公开 --form form-2021"),
    ("concordance", lambda a: a.concordance("微博", sort="right", width=5), "微博 --sort right --width 5"),
    ("concordance", lambda a: a.concordance("微博", limit=2), "微博 --limit 2"),
    ("concordance", lambda a: a.concordance("公开", collocate="信息", window=2, side="right"),
        "公开 --collocate 信息 --window 2 --side right"),
    ("collocates", lambda a: a.collocates("公开"), "公开"),
    ("collocates", lambda a: a.collocates("公开", window=2, side="left", order="count", by_year=True, limit=5),
        "公开 --window 2 --side left --order count --by year --limit 5"),
    ("trend", lambda a: a.trend("微博", "舆情", agency=CITY), f"微博 舆情 --agency {CITY}"),
    ("show", lambda a: a.report(CITY, 2018), f"{CITY} 2018"),
    ("figures", lambda a: a.figures(), ""),
    ("figures", lambda a: a.figures(CITY, (2014, 2018), table="requests"),
        f"--agency {CITY} --year 2014..2018 --table requests"),
    ("figures", lambda a: a.figures(row="granted", column="total"), "--row granted --column total"),
    ("figures", lambda a: a.figures(table="prose", level="city"), "--table prose --level city"),
    ("figures", lambda a: a.figures(table="prose", place="临水市"), "--table prose --place 临水市"),
    ("figures", lambda a: a.aggregates(), "--sum"),
    ("figures", lambda a: a.aggregates(place="临水市"), "--sum --division 临水市"),
    ("figures", lambda a: a.aggregates("requests.refused.total", by="level", of="requests.new.total"),
        "--sum --table requests --row refused --by level --of requests.new.total"),
    ("compare", lambda a: a.compare(CITY, 2014, 2016), f"{CITY} 2014 2016"),
    ("coverage", lambda a: a.coverage(), ""),
    ("coverage", lambda a: a.coverage(place="临水市河东区"), "--place 临水市河东区"),
    ("coverage", lambda a: a.coverage(level="city", kind="department"), "--level city --kind department"),
]  # fmt: skip
IDS = [f"{name} {arguments}" for name, _, arguments in CASES]
WITH_CSV = {"search", "concordance", "collocates", "trend", "figures"}


def printed(home: Path, name: str, *arguments: str) -> str:
    result = CliRunner().invoke(load_command(name), arguments, obj=Context(home, "zh"))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(("name", "call", "arguments"), CASES, ids=IDS)
def test_json_equals_that_of_the_command_line(
    home: Path, name: str, call: Callable[[ReportArchive], Result], arguments: str
) -> None:
    with gongkai.open_archive(home) as archive:
        values = json.loads(json.dumps(call(archive).to_json()))
    assert values == json.loads(printed(home, name, *arguments.split(), "--json"))


@pytest.mark.parametrize(
    ("name", "call", "arguments"), [case for case in CASES if case[0] in WITH_CSV],
    ids=[each for each, case in zip(IDS, CASES, strict=True) if case[0] in WITH_CSV],
)  # fmt: skip
def test_records_equal_the_rows_of_the_csv_file(
    home: Path, name: str, call: Callable[[ReportArchive], Result], arguments: str
) -> None:
    limit = () if name != "search" or {"--limit", "--sample"} & {*arguments.split()} else ("--limit", "10")
    text = printed(home, name, *arguments.split(), *limit, "--csv").removeprefix("\ufeff")
    with gongkai.open_archive(home) as archive:
        result = call(archive)
    records = result.to_records()
    rows = [*csv.DictReader(io.StringIO(text))]
    assert list(result.table()[0]) == next(csv.reader([text.splitlines()[0]]))
    assert [{key: cell_of(value) for key, value in record.items()} for record in records] == rows
    assert records and all(record["as_of"] == result.data_version for record in records)


def cell_of(value: object) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize(("name", "call", "arguments"), CASES, ids=IDS)
def test_records_are_flat_and_name_the_data_version(
    home: Path, name: str, call: Callable[[ReportArchive], Result], arguments: str
) -> None:
    with gongkai.open_archive(home) as archive:
        result = call(archive)
    records = result.to_records()
    assert records
    assert {type(value) for record in records for value in record.values()} <= {str, int, float, bool, type(None)}
    assert result.data_version.startswith(("索引版本 1", "目录版本 1"))
    assert {record["as_of"] for record in records} == {result.data_version}


def test_a_matrix_equals_that_of_the_command_line(home: Path) -> None:
    with gongkai.open_archive(home) as archive:
        result = archive.matrix("微博")
    assert [json.loads(json.dumps(result.to_json()))] == json.loads(
        printed(home, "trend", "微博", "--by", "agency", "--json")
    )
    record = next(each for each in result.to_records() if (each["agency"], each["year"]) == (CITY, 2014))
    assert (record["state"], record["count"]) == ("said", 2)


def test_the_home_is_that_of_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(home))
    with gongkai.open_archive(language="en") as archive:
        assert archive.home == home
        assert archive.coverage().data_version.startswith("catalogue revision 1, ")
        assert archive.search("微博").answer.reading.startswith("Sections with")


def test_a_closed_archive_opens_again(home: Path) -> None:
    archive = gongkai.open_archive(home)
    archive.coverage()
    archive.close()
    assert archive.coverage().cells
    archive.close()


def test_errors_have_a_sentence(home: Path, tmp_path: Path) -> None:
    with gongkai.open_archive(home) as archive:
        with pytest.raises(GongkaiError, match="No agency is called"):
            archive.report("登陆月球", 2014)
        with pytest.raises(TypeError, match="unknown filters: yaer"):
            archive.search("微博", yaer="2014")
    with gongkai.open_archive(tmp_path / "new") as empty, pytest.raises(GongkaiError):
        empty.search("微博")


def test_pandas_is_optional(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with gongkai.open_archive(home) as archive:
        result = archive.figures(table="requests")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(GongkaiError, match=r"Run pip install 'gongkai\[pandas\]'"):
        result.to_pandas()


def test_a_data_frame_has_the_columns_of_the_records(home: Path) -> None:
    pytest.importorskip("pandas", reason="the extra `pandas` is not installed")
    with gongkai.open_archive(home) as archive:
        result = archive.figures(table="requests")
    frame = result.to_pandas()
    assert list(frame.columns) == list(result.to_records()[0])
    assert len(frame) == len(result.to_records())


def test_importing_the_package_is_light() -> None:
    code = "import sys, gongkai; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert not {"click", "rich", "sqlalchemy", "numpy", "jieba", "archive", "indexer"} & {*run.stdout.split()}


def test_python_m_gongkai_prints_the_help_and_loads_no_command() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gongkai", "--help"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith(("Usage: ", "用法："))
    assert "concordance" in run.stdout
    assert not [name for name in ("rich", "sqlalchemy", "numpy", "jieba", "flask") if f" {name}\n" in run.stderr]


def test_every_command_is_loaded_by_its_name() -> None:
    for name in main.list_commands(None):  # type: ignore[arg-type]
        command = load_command(name)
        assert command.name == name
        assert command is load_command(name)
        assert (command.help or "").count(" · ") >= 1


def test_a_place_without_agencies_selects_nothing(home: Path) -> None:
    with gongkai.open_archive(home) as archive:
        assert archive.figures(place="西藏").rows == ()
        assert archive.coverage(place="西藏").cells == ()
        assert archive.aggregates(place="西藏").aggregates == ()


WINDOWS: list[tuple[dict[str, Any], str]] = [
    ({"window": 3}, "no word whose window it is"),
    ({"side": "left"}, "no word on that side"),
    ({"collocate": "信息", "window": 0}, "a window without words"),
    ({"collocate": "信息", "window": 11}, "a window that is too large"),
]


@pytest.mark.parametrize(("options", "reason"), WINDOWS, ids=[reason for _, reason in WINDOWS])
def test_a_window_without_effect_is_refused(home: Path, options: dict[str, Any], reason: str) -> None:
    with gongkai.open_archive(home) as archive, pytest.raises(ValueError, match="window"):
        archive.concordance("公开", **options)
