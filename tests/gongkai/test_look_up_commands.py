"""The commands agencies, cite, matrix, ranking and similar, their exit codes, languages and completion."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from archive.analysis.agency_ranking import ranked_reports
from archive.analysis.computed import ComputedFigure, ReportValues
from archive.export.citations import STYLES
from gongkai.cli import COMMANDS, main
from tests.conformance.reports import CITY
from tests.gongkai.command_line import AGENCY, ID, document, run
from webui.app import create_app

NAME = ("requests", "new", "total")


def figure(value: int) -> ComputedFigure:
    return ComputedFigure(*NAME, Decimal(value), str(value), "number")


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    return create_app(home).test_client()


def rows(home: Path, *arguments: object) -> list[dict[str, str]]:
    result = run(home, *map(str, arguments), "--csv")  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return [*csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff")))]


@pytest.mark.parametrize(
    ("arguments", "address", "reason"),
    [
        (("agencies",), "/api/agencies", "every agency"),
        (("agencies", CITY), f"/api/agencies?q={CITY}", "one that is looked up"),
        (("matrix", "微博"), "/api/matrix?q=微博", "one query by agency and year"),
        (("matrix", "微博", "--year", "2014"), "/api/matrix?q=微博&year=2014", "with a filter"),
    ],
)
def test_json_is_that_of_the_api(
    arguments: tuple[str, ...], address: str, reason: str, home: Path, client: FlaskClient
) -> None:
    printed, answer = document(run(home, *arguments, "--json")), client.get(address).get_json()
    if isinstance(answer["as_of"], str):  # words, in English on the site and in the user's language here
        assert re.findall("[0-9.]+", printed["as_of"]) == re.findall("[0-9.]+", answer.pop("as_of"))
        del printed["as_of"]
    assert printed == answer, reason


def test_similar_is_that_of_the_api(home: Path, client: FlaskClient) -> None:
    found: Any = client.get("/api/search?q=微博").json
    report, anchor = found["hits"][0]["report"], found["hits"][0]["url"].partition("#")[2]
    agency, _, key = report.partition("/")
    expected = client.get(f"/api/reports/{report}/similar?section={anchor}&limit=3").json
    arguments = ("similar", agency, key, "--section", anchor, "--limit", 3)
    assert document(run(home, *arguments, "--json")) == expected
    assert len(rows(home, *arguments)) == len(expected["hits"])


@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_that_of_the_site(style: str, filled: Path) -> None:
    site = create_app(filled).test_client().get(f"/reports/{ID}/2015/cite.{style}?section=overview").text
    printed = run(
        filled, "cite", AGENCY, "2015", "--section", "overview", "--style", style, "--site", "http://localhost"
    )
    assert printed.stdout_bytes.decode() == site, "RIS has CRLF"


def test_cite_prints_every_style(filled: Path) -> None:
    references = document(run(filled, "cite", AGENCY, "2015", "--json"))["references"]
    assert [each["suffix"] for each in references] == [*STYLES]
    assert {each["as_of"] for each in rows(filled, "cite", AGENCY, "2015")} != {""}
    assert all(f"# {style.name}\n" in run(filled, "cite", AGENCY, "2015").stdout for style in STYLES.values())


def test_ranking_opens_on_the_newest_year_with_the_figure(filled: Path) -> None:
    (place,) = document(run(filled, "ranking", "requests.new.total", "--json"))["places"]
    named = {"agency": ID, "agency_name": AGENCY, "report": f"{ID}/2022"}
    assert place == named | {"rank": 1, "value": "3", "state": "number"}
    (row,) = rows(filled, "ranking", "requests.new.total", "--year", "2015")
    assert (row["rank"], row["value"], row["year"]) == ("", "", "2015"), "a report without the figure has no rank"


def test_ranking_by_a_measure(filled: Path) -> None:
    (place,) = document(run(filled, "ranking", "granted", "--year", "2022", "--json"))["places"]
    assert (place["rank"], 0 <= float(place["value"]) <= 1) == (1, True)


@pytest.mark.parametrize(
    ("values", "ranks", "reason"),
    [
        ((5, 7, 5, None), [("b", 1), ("a", 2), ("c", 2), ("d", None)], "equal values share a rank"),
        ((1, 1, 0, 2), [("d", 1), ("a", 2), ("b", 2), ("c", 4)], "the next rank counts all before it"),
    ],
)
def test_ranks(values: tuple[int | None, ...], ranks: list[tuple[str, int | None]], reason: str) -> None:
    reports = [
        ReportValues(name, "2022", 2022, None, {} if value is None else {NAME: figure(value)})
        for name, value in zip("abcd", values, strict=True)
    ]
    assert [(each.agency, each.rank) for each in ranked_reports(reports, None)] == ranks, reason


@pytest.mark.parametrize(
    ("arguments", "code", "said", "reason"),
    [
        (("figures", "--table", "requests", "--row", "grantd"), 2, "granted", "a row with a wrong letter"),
        (("figures", "--column", "totl"), 2, "total", "a column with a wrong letter"),
        (("figures", "--table", "prose", "--column", "total"), 2, "has no column codes", "a table without columns"),
        (("figures", "--table", "review", "--row", "litigation_direct"), 0, "", "a known row without a figure"),
        (("ranking", "requests.grantd.total"), 2, "requests.granted.total", "an unknown figure"),
        (("cite", AGENCY, "2015", "--section", "nosuch"), 1, "overview", "an unknown section"),
        (("agencies", "没有这个机关"), 1, AGENCY, "an unknown agency"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, said: str, reason: str, filled: Path) -> None:
    result = run(filled, *arguments, language="en")
    assert (result.exit_code, said in result.stderr) == (code, True), reason


@pytest.mark.parametrize(
    ("option", "locale", "chinese", "reason"),
    [
        ((), "zh_CN.UTF-8", True, "the locale decides"),
        ((), "en_US.UTF-8", False, "the locale decides"),
        (("--lang", "en"), "zh_CN.UTF-8", False, "the option overrides it"),
        (("--lang", "zh"), "en_US.UTF-8", True, "the option overrides it"),
    ],
)
@pytest.mark.parametrize("command", [["--help"], ["show", "x", "2015"], ["coverage"]])
def test_lang_overrides_the_locale(
    command: list[str],
    option: tuple[str, ...],
    locale: str,
    chinese: bool,  # noqa: FBT001
    reason: str,
    empty_home: Path,
) -> None:
    result = CliRunner().invoke(main, ["--home", str(empty_home), *option, *command], env={"LC_ALL": locale})
    lines = result.output.splitlines()
    text = "\n".join(line for line in lines if "·" not in line)  # options have both languages
    assert any("\u4e00" <= character <= "\u9fff" for character in text) is chinese, reason


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    environment = {**os.environ, "_GONGKAI_COMPLETE": f"{shell}_complete", "COMP_WORDS": "gongkai c", "COMP_CWORD": "1"}
    start = [sys.executable, "-c", "from gongkai.cli import main; main(prog_name='gongkai')"]
    given = "c" if shell == "fish" else "1"
    environment["COMP_CWORD"] = given
    done = subprocess.run(start, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (this program)
    assert all(name in done.stdout for name in COMMANDS if name.startswith("c")), done
    assert "search" not in done.stdout
