"""The states that a curator gave notices, in the commands: shown, filtered, kept, and listed when they match none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from archive.errors import Language
from tests.archive.pages import balanced, form_report
from tests.gongkai.command_line import ID, TITLE, document, run, write

CODE = "check_failed"
REPORT = f"{ID}/2022"


def page(folder: Path) -> Path:
    cells = balanced(3, 1, 2)
    cells[0][-1] = "9"  # a sum that fails the check
    return write(folder / "page.txt", form_report(TITLE, cells=cells))


def place_of(found: dict[str, int | None]) -> str:
    return "-".join(str(line) for line in dict.fromkeys((found["first_line"], found["last_line"])) if line)


def decide(home: Path, place: str, state: str = "dismissed", code: str = CODE) -> None:
    lines = f'place = "{place}"\n' if place else ""
    row = f'[[notice]]\nreport = "{REPORT}"\ncode = "{code}"\n{lines}state = "{state}"\n'
    (home / "notices.toml").write_text(f'{row}reason = "已与原件核对"\ndate = 2026-11-28\n', "utf-8")


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """A home with a report whose table fails a check, and a decision about the first notice of it."""
    home = tmp_path / "home"
    assert run(home, "add", page(tmp_path)).exit_code == 0
    first = next(each for each in document(run(home, "notices", "--json"))["notices"] if each["code"] == CODE)
    decide(home, place_of(first["place"]))
    return home


def states(home: Path, *options: str) -> list[str | None]:
    return [each.get("state") for each in document(run(home, "notices", "--json", *options))["notices"]]


def test_a_state_has_its_reason_and_day(reviewed: Path) -> None:
    found = document(run(reviewed, "notices", "--json"))
    (given,) = [each for each in found["notices"] if "state" in each]
    assert (given["report"], given["code"]) == (REPORT, CODE)
    assert (given["state"], given["reason"], given["reviewed_on"]) == ("dismissed", "已与原件核对", "2026-11-28")
    assert found["unmatched"] == []
    shown = document(run(reviewed, "show", ID, "2022", "--json"))["notices"]
    assert [each.get("state") for each in shown].count("dismissed") == 1


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "【已驳回，2026-11-28：已与原件核对】"), ("en", "[dismissed, 2026-11-28: ")]
)
@pytest.mark.parametrize("command", [("notices",), ("show", ID, "2022")], ids=["notices", "show"])
def test_people_read_it_behind_the_sentence(
    reviewed: Path, command: tuple[str, ...], language: Language, name: str
) -> None:
    output = run(reviewed, *command, language=language).output.replace("\n", "")
    assert output.count(name) == 1, output


def test_states_and_codes_select(reviewed: Path) -> None:
    every = states(reviewed)
    assert states(reviewed, "--state", "dismissed") == ["dismissed"]
    assert states(reviewed, "--state", "open") == [None] * (len(every) - 1)
    assert states(reviewed, "--state", "confirmed") == []
    codes = {each["code"] for each in document(run(reviewed, "notices", "--json", "--code", CODE))["notices"]}
    assert codes == {CODE}
    assert run(reviewed, "notices", "--state", "done").exit_code == 2


def test_the_csv_file_has_the_same_notices(reviewed: Path) -> None:
    rows = [*csv.DictReader(io.StringIO(run(reviewed, "notices", "--csv").stdout.removeprefix("\ufeff")))]
    assert [row["state"] or None for row in rows] == states(reviewed)
    (given,) = [row for row in rows if row["state"]]
    assert (given["report"], given["reason"], given["reviewed_on"]) == (REPORT, "已与原件核对", "2026-11-28")
    assert given["message"] and given["as_of"]


def test_a_state_survives_the_index_and_a_page_that_is_added_again(reviewed: Path, tmp_path: Path) -> None:
    for command in (("index",), ("index", "--rebuild"), ("add", page(tmp_path))):
        assert run(reviewed, *command).exit_code == 0
        assert states(reviewed, "--state", "dismissed") == ["dismissed"], command


def test_a_state_without_its_notice_is_listed(reviewed: Path) -> None:
    """As after a change of the rules: the page is read without this notice."""
    decide(reviewed, "7")
    found = document(run(reviewed, "notices", "--json"))
    assert [each for each in found["notices"] if "state" in each] == []
    (gone,) = found["unmatched"]
    assert (gone["report"], gone["code"], gone["state"], gone["date"]) == (REPORT, CODE, "dismissed", "2026-11-28")
    assert "notices.toml 第 1 行不再对应任何疑点" in run(reviewed, "notices").output
    assert "notices.toml, line 1, no longer matches a notice" in run(reviewed, "notices", language="en").output


@pytest.mark.parametrize("command", [("notices",), ("index",), ("show", ID, "2022")], ids=["notices", "index", "show"])
def test_a_mistake_in_the_file_is_one_sentence_with_its_line(reviewed: Path, command: tuple[str, ...]) -> None:
    decide(reviewed, "", "done")
    result = run(reviewed, *command, language="en")
    assert result.exit_code == 2
    assert "notices.toml, line 4: state has to be confirmed dismissed corrected." in result.output
