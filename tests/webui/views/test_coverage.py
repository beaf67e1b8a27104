"""`/coverage` and `/notices`."""

from __future__ import annotations

import csv
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webui.html import soup
from webui.app import create_app


def test_cells_name_the_state_of_each_year(client: FlaskClient) -> None:
    page = soup(client, "/coverage")
    rows = {row.th.get_text(strip=True): row for row in page.select(".picture tbody tr") if row.th}
    water = rows["云溪市水务局"]
    said = [str((cell.a or {}).get("title") or cell.get_text(strip=True)) for cell in water.find_all("td")]
    assert said[:5] == ["2008 已收录", "2009 已收录", "2010 只有图片", "2011 已收录，同页重复", "2012 缺"]
    assert water.select_one("a[href='/reports/yunxi-shui-wu-ju/2008']")
    assert not water.find_all("td")[4].find("a"), "what is missing cannot be opened"
    assert rows["云溪市教育局"].find_all("td")[0].get_text(strip=True) == "不在起止年份之内"


def test_notices_are_filtered(client: FlaskClient) -> None:
    every = soup(client, "/notices").select(".notices li")
    failed = soup(client, "/notices?code=check_failed").select(".notices li")
    assert len(every) > len(failed) == 1
    assert every[0]["class"] == ["error"], "the severe first"


@pytest.mark.parametrize("asked", ["", "?place=河北", "?kind=government&level=county"])
def test_the_file_has_the_cells_of_the_api(placed: FlaskClient, asked: str) -> None:
    rows = [*csv.DictReader(StringIO(placed.get(f"/coverage.csv{asked}").text.removeprefix("\ufeff")))]
    cells = placed.get(f"/api/coverage{asked}").get_json()["cells"]
    assert [(row["agency"], int(row["year"]), row["state"], row["duplicate"] == "yes") for row in rows] == [
        (cell["agency"], cell["year"], cell["state"], "duplicate" in cell) for cell in cells
    ]
    assert rows and all(row["agency_name"] and row["as_of"] for row in rows)
    (exports,) = soup(placed, f"/coverage{asked}").select(".as-of .exports")
    assert f"{len(rows)} 行" in exports.get_text()


@pytest.fixture
def curated(home: Path, tmp_path: Path) -> tuple[Path, FlaskClient]:
    """A copy of the archive, to which a test gives a curator's file."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    return copy, create_app(copy).test_client()


def decide(home: Path, client: FlaskClient, state: str, code: str = "check_failed") -> str:
    """Writes a decision about the first notice of a code; returns the address of its report."""
    given = next(each for each in client.get("/api/notices").get_json()["notices"] if each["code"] == code)
    lines = [line for line in given["place"].values() if line]
    place = f'place = "{"-".join(str(line) for line in dict.fromkeys(lines))}"' if lines else ""
    row = f'[[notice]]\nreport = "{given["report"]}"\ncode = "{code}"\n{place}\nstate = "{state}"\n'
    write(home, f'{row}reason = "<b>原件如此</b>"\ndate = 2026-11-28\n')
    return str(given["report"])


def write(home: Path, text: str) -> None:
    path = home / "notices.toml"
    at = path.stat().st_mtime_ns + 1 if path.exists() else None
    path.write_text(text, "utf-8")
    if at is not None:  # written within one tick of the clock
        os.utime(path, ns=(at, at))


@pytest.mark.parametrize(("prefix", "name"), [("", "已驳回"), ("/en", "Dismissed")])
def test_a_state_is_shown_and_selects(curated: tuple[Path, FlaskClient], prefix: str, name: str) -> None:
    home, client = curated
    assert not soup(client, f"{prefix}/notices").select(".review, nav.order + ul + nav"), "nothing without decisions"
    report = decide(home, client, "dismissed")
    page = soup(client, f"{prefix}/notices")
    (mark,) = page.select(".notices .review")
    assert " ".join(mark.get_text().split()) == f"{name} 2026-11-28 <b>原件如此</b>", (
        "escaped, and no page of the cache"
    )
    selected = soup(client, f"{prefix}/notices?state=dismissed").select(".notices li")
    assert len(selected) == 1 < len(soup(client, f"{prefix}/notices?state=open").select(".notices li"))
    assert soup(client, f"{prefix}/reports/{report}").select_one("#notices .review")
    assert client.get(f"{prefix}/notices?state=done").status_code == 400


def test_the_filters_of_notices_are_kept_by_each_other(curated: tuple[Path, FlaskClient]) -> None:
    home, client = curated
    decide(home, client, "confirmed")
    page = soup(client, "/notices?state=confirmed&code=check_failed")
    links = {str(a["href"]) for a in page.select("nav.order a, .chips a")}
    assert "/notices?state=confirmed" in links, "without the code"
    assert "/notices?code=check_failed" in links, "without the state"
    assert "/notices?code=check_failed&state=confirmed&severity=warning" in links


@pytest.mark.parametrize(("state", "heeded"), [("dismissed", 0), ("confirmed", 1)])
def test_a_dismissed_notice_is_not_counted_at_the_head_of_a_report(
    curated: tuple[Path, FlaskClient], state: str, heeded: int
) -> None:
    home, client = curated
    every = client.get("/api/notices").get_json()["notices"]
    code = next(
        each["code"]
        for each in every
        if each["report"]
        and [one["report"] for one in every].count(each["report"]) == 1
        and each["code"] != "series_break"
    )
    report = decide(home, client, state, code)
    page = soup(client, f"/reports/{report}")
    assert len(page.select(".heed")) == heeded
    assert page.select("#notices .review"), "but it is listed"


def test_files_and_the_api_have_the_states(curated: tuple[Path, FlaskClient]) -> None:
    home, client = curated
    report = decide(home, client, "corrected")
    rows = [*csv.DictReader(StringIO(client.get("/notices.csv?state=corrected").text.removeprefix("\ufeff")))]
    assert [(row["report"], row["code"], row["state"], row["reason"]) for row in rows] == [
        (report, "check_failed", "corrected", "<b>原件如此</b>")
    ]
    answer = client.get("/api/notices?state=corrected").get_json()
    assert [(each["report"], each["state"]) for each in answer["notices"]] == [(report, "corrected")]
    assert len(client.get("/api/notices").get_json()["notices"]) == len(
        client.get("/notices.csv").text.splitlines()
    ) - 1  # fmt: skip
    assert "corrected" in [each.get("state") for each in client.get(f"/api/reports/{report}").get_json()["notices"]]


def test_a_decision_that_matches_no_notice_is_listed(curated: tuple[Path, FlaskClient]) -> None:
    home, client = curated
    decide(home, client, "confirmed")
    write(home, (home / "notices.toml").read_text("utf-8").replace("check_failed", "blank_cell"))
    (gone,) = client.get("/api/notices").get_json()["unmatched"]
    assert gone["code"] == "blank_cell"
    assert "1 条处理记录不再对应任何疑点" in soup(client, "/notices").get_text()


def test_a_mistake_in_the_file_takes_no_page_away(
    curated: tuple[Path, FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    home, client = curated
    write(home, "[[notice]]\n")
    for address in ("/notices", "/api/notices", "/"):
        assert client.get(address).status_code == 200
    assert [record.getMessage() for record in caplog.records if "notices.toml, line 1" in record.getMessage()] != []
    assert str(home) not in client.get("/notices").text
