"""An option that would be ignored is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import main
from tests.conformance.reports import CITY

REFUSED = [
    (f"figures --agency {CITY} --csv --json", "--csv 不能与 --json 一起使用。", "two formats"),
    ("search 微博 --json --csv", "--json 不能与 --csv 一起使用。", "two formats of a command with a query"),
    ("figures --year 2014 --year 2015", "--year 只能写一次。", "all but the last year"),
    ("search 微博 --limit 1 --sample 2 --limit 3", "--limit 只能写一次。", "one of two limits"),
    (f"agency join {CITY} {CITY} --from 2014 --from 2015", "--from 只能写一次。", "a command of a group"),
    ("search 微博 --seed 3", "--seed 只与 --sample 一起使用。", "nothing is drawn"),
    ("search 微博 --seed 1", "--seed 只与 --sample 一起使用。", "the value that is the default"),
    ("search 微博 --sample 2 --sort year", "--sample 不能与 --sort 一起使用。", "a sample has an order of its own"),
    ("search 微博 --site http://a.example", "--site 只与 --cite 一起使用。", "nothing is cited"),
    ("search 微博 --cite --limit 3 --seed 1", "--cite 不能与 --limit、--seed 一起使用。", "no hits are listed"),
    ("search --list queries.txt 微博", "--list 不能与 QUERY 一起使用。", "a query beside those of the file"),
    ("search --list queries.txt --sort year", "--list 不能与 --sort 一起使用。", "only totals are listed"),
    ("search --list queries.txt --sample 5 --offset 5", "--list 不能与 --offset、--sample 一起使用。", "nor pages"),
    ("search --list queries.txt --limit 5", "--list 不能与 --limit 一起使用。", "every query has its row"),
    ("search --list queries.txt --cite", "--list 不能与 --cite 一起使用。", "a citation of many totals"),
    ("figures --by kind", "--by 只与 --sum 一起使用。", "nothing is summed"),
    ("figures --by year --of requests.new.total", "--by、--of 只与 --sum 一起使用。", "the default, and a share"),
    ("figures --sum --column total", "--sum 加 --row 或 --column 时请同时写明 --table。", "a column of no table"),
    ("figures --sum --row new", "--sum 加 --row 或 --column 时请同时写明 --table。", "a row of no table"),
    (
        "figures --sum --table indicators",
        "表 indicators 没有 total 列。请用 --column 写明一列：this_year、cumulative。",
        "the first column is not the total",
    ),
    (f"show {CITY} 2014 --tables --json", "--json 不能与 --tables 一起使用。", "the document has everything"),
    (f"show {CITY} 2014 --text --tables", "--text 不能与 --tables 一起使用。", "two parts"),
    ("concordance 微博 --window 3", "--window 只与 --collocate 一起使用。", "no word near it"),
]


@pytest.mark.parametrize(("line", "sentence", "reason"), REFUSED, ids=[line for line, *_ in REFUSED])
def test_an_ignored_option_is_refused(line: str, sentence: str, reason: str, home: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(home), "--lang", "zh", *line.split()])
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (2, "", sentence), reason


USED = [
    ("search 微博 --year 2014 --year 2015", "several values of a field"),
    ("search 微博 --sample 2 --seed 3 --limit 1 --offset 1", "a page of a sample"),
    ("search 微博 --json --json", "a flag given twice"),
    ("figures --sum --table indicators --column this_year", "a column that is named"),
    ("figures --sum --table statistics", "a table with one column"),
    (f"show {CITY} 2014 --section overview --text", "the text of a section"),
]


@pytest.mark.parametrize(("line", "reason"), USED, ids=[line for line, _ in USED])
def test_options_that_are_used_together(line: str, reason: str, home: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(home), "--lang", "zh", *line.split()])
    assert result.exit_code == 0, (reason, result.stderr)
