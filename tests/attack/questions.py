"""Questions to a home whose answers must not change: every kind of command and of file of the site."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner

from archive.errors import GongkaiError
from archive.store.catalogue import Catalogue
from archive.system_errors import translated
from gongkai.cli import main
from tests.attack.archives import AGENCY, EARLIER, YEAR
from webui.app import create_app

COMMANDS: Sequence[Sequence[str]] = (
    ("search", "公开", "--json"),
    ("search", "「收到政府」", "year:2013..2016", "--sort", "year", "--json"),
    ("search", "政务 NEAR/9 申请", "--json"),
    ("search", "requests.new.total>3", "--limit", "99", "--json"),
    ("search", "-微博", "section:problems", "--json"),
    ("concordance", "「申请」", "--sort", "left", "--json"),
    ("collocates", "「申请」", "--json"),
    ("trend", "「申请」", "宣传", "--by", "agency", "--csv"),
    ("coverage", "--json"),
    ("figures", "--csv"),
    ("notices", "--json"),
    ("show", AGENCY, str(YEAR), "--json"),
    ("compare", AGENCY, str(EARLIER), str(EARLIER + 3), "--json"),
)
ADDRESSES = (
    "/api/search?q=公开&sort=-year",
    "/api/matrix?q=申请",
    "/api/distinctive?q=申请",
    "/api/collocates?q=申请",
    "/api/suggest?q=qing",
    "/api/reports/qingheshi-jiaoyuju/2022",
    "/api/reports/qingheshi-jiaoyuju/2022/similar?section=overview",
    "/api/coverage",
    "/api/divisions",
    "/figures.csv",
    "/concordance.csv?q=公开",
    "/reports/qingheshi-jiaoyuju/2022/original",
)
# What names the build of an index or the moment of an answer: '"generation": 2'
_VERSION = re.compile(r'索引版本 \d+|index version \d+|"(generation|revision|created|retrieved)": ?("[^"]*"|\d+)')


def ask(arguments: list[str]) -> None:
    """Prints, for each question to the home, [question, verdict, answer] as JSON.

    A verdict is "answer", "sentence" (the answer is then the sentence), or "fault".
    """
    home = Path(arguments[0])
    commands = [(" ".join(command), _command(home, command)) for command in COMMANDS]
    client = None
    try:
        client = create_app(home).test_client()
    except BaseException as error:  # whatever is raised is the finding
        commands.append(("create_app", _raised(error, home)))
    addresses = [(address, _address(client.get, address)) for address in ADDRESSES] if client else []
    json.dump(
        [(each, *result) for each, result in (*commands, ("originals", _originals(home)), *addresses)], sys.stdout
    )


def _command(home: Path, command: Sequence[str]) -> tuple[str, str]:
    result = CliRunner().invoke(main, ["--home", str(home), *command])
    if result.exception and not isinstance(result.exception, SystemExit):
        return "fault", "".join(traceback.format_exception(result.exception))
    if result.exit_code == 0:
        return "answer", _VERSION.sub("", result.stdout)
    is_sentence = result.exit_code == 1 and len(result.stderr.strip().splitlines()) == 1
    return "sentence" if is_sentence else "fault", result.stderr


def _address(get: Callable[..., object], address: str) -> tuple[str, str]:
    response = get(address)
    try:
        text = response.get_data().decode("utf-8", "replace")  # type: ignore[attr-defined]
    except GongkaiError as error:  # the connection of a large file breaks off
        return "sentence", error.en
    status = response.status_code  # type: ignore[attr-defined]
    if status == 200:
        return "answer", _VERSION.sub("", text)
    return "sentence" if status == 503 and "Traceback" not in text else "fault", f"{status} {text}"


def _originals(home: Path) -> tuple[str, str]:
    """The hash of every original, as the catalogue returns it."""
    try:
        with Catalogue.open(home) as catalogue:
            hashes = {report.source.sha256 for report in catalogue.shown()}
            found = {each: hashlib.sha256(catalogue.original(each)).hexdigest() for each in sorted(hashes)}
    except (GongkaiError, OSError) as error:
        return _raised(error, home)
    return "answer", json.dumps(found)


def _raised(error: BaseException, home: Path) -> tuple[str, str]:
    sentence = translated(error, home)
    return ("sentence", sentence.en) if sentence else ("fault", "".join(traceback.format_exception(error)))
