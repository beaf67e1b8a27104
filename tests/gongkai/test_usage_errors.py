"""Errors of click itself are in the language of the command line."""

from __future__ import annotations

import gettext
import io
import re
import shlex
from importlib.resources import files

import click
import pytest
from babel.messages import Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from gongkai.cli import main

ERRORS = [
    ("show --nosuch a 2016", "没有选项 --nosuch。", "No such option '--nosuch'.", "an unknown option"),
    ("coverage --plaec 河北", "没有选项 --plaec。是不是 '--place'？", "Did you mean '--place'?", "a misspelt option"),
    (
        "--nosuch search 公开",
        "没有选项 --nosuch。",
        "No such option '--nosuch'.",
        "before the command",
    ),
    (
        "--year 2018 search 公开",
        "--year 是 search 的选项，请写在 search 之后。",
        "Write it after search.",
        "its option",
    ),
    (
        "--langg zh search 公开",
        "没有选项 --langg。是不是 '--lang'？",
        "Did you mean '--lang'?",
        "misspelt before",
    ),
    ("show", "缺少参数 'AGENCY'。", "Missing argument 'AGENCY'.", "a missing argument"),
    ("agency join a b", "缺少选项 '--from'。", "Missing option '--from'.", "a missing option"),
    ("show a 2016 more", "多出了参数：more", "Got unexpected extra argument (more)", "an argument too many"),
    ("agencies --limit 0", "'--limit' 的值有误：0 不在范围 x>=1 之内。", "0 is not in the range x>=1.", "out of range"),
    ("agencies --limit x", "'--limit' 的值有误：“x”不是有效的数。", "not a valid integer range.", "no number"),
    ("coverage --place", "选项 --place 需要1个值。", "Option '--place' requires an argument.", "no value"),
    ("coverage --json=1", "选项 --json 不带值。", "Option '--json' does not take a value.", "a value too many"),
    ("read ''", "'PATHS...' 的值有误：路径“”不存在。", "'PATHS...': path '' does not exist.", "an empty path"),
    ("--home '' coverage", "'--home' 的值有误：路径“”不存在。", "'--home': path '' does not exist.", "an empty home"),
    ("search 公开 --sort up", "“up”不在可用的值之列：'relevance'", "'up' is not one of 'relevance'", "no such choice"),
]


@pytest.mark.parametrize("way", ["option", "locale"])
@pytest.mark.parametrize(("line", "zh", "en", "reason"), ERRORS, ids=[row[3] for row in ERRORS])
def test_an_error_of_usage_is_in_the_language_of_the_command_line(
    line: str, zh: str, en: str, way: str, reason: str
) -> None:
    for language, other, sentence in (("zh", "en", zh), ("en", "zh", en)):
        chosen, locale = (["--lang", language], other) if way == "option" else ([], language)
        environment = {"LC_ALL": f"{locale}_XX.UTF-8", "LANGUAGE": "fr"}
        result = CliRunner().invoke(main, [*chosen, *shlex.split(line)], env=environment)
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
        assert not result.stderr.startswith("Usage: " if language == "zh" else "用法：")
        told = result.stderr.splitlines()[-1]
        assert told.startswith("错误：" if language == "zh" else "Error: ")
        assert not (language == "zh" and re.search(r"[A-Za-z]{3,} [a-z]{3,}", told)), "no English sentence is left"


@pytest.mark.parametrize("command", ["read", "add"])
def test_an_address_is_not_looked_for_among_the_files(command: str) -> None:
    result = CliRunner().invoke(main, ["--lang", "en", command, "https://example.org/report.html"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is an address, not a file" in result.stderr


def test_the_help_is_in_the_language_of_the_command_line() -> None:
    for language, words in (
        ("zh", ("用法：", "选项", "命令")),
        ("en", ("Usage:", "Options", "Commands")),
    ):
        text = CliRunner().invoke(main, ["--lang", language, "--help"]).stdout
        assert all(word in text for word in words)


def test_every_translation_is_of_a_message_of_click_and_compiled() -> None:
    folder = files("gongkai") / "translations" / "zh" / "LC_MESSAGES"
    catalogue = read_po(io.BytesIO(folder.joinpath("messages.po").read_bytes()), locale="zh")
    sources = "".join(each.read_text("utf-8") for each in files(click).iterdir() if each.name.endswith(".py"))
    for message in catalogue:
        first = message.id if isinstance(message.id, str) else message.id[0]
        translated = message.string if isinstance(message.string, str) else message.string[0]
        assert first.replace("\n", "\\n").replace("\t", "\\t") in sources, first
        names = set(re.findall(r"{(\w+)", "".join(message.id)))
        assert set(re.findall(r"{(\w+)", translated)) <= names, first
    fresh = io.BytesIO()
    write_mo(fresh, catalogue)
    fresh.seek(0)
    compiled = read_mo(io.BytesIO((folder / "messages.mo").read_bytes()))
    assert [*map(_pair, compiled)][1:] == [*map(_pair, read_mo(fresh))][1:], "but for the header with its date"
    assert gettext.textdomain() == "messages", "the domain that click looks in"


def _pair(message: Message) -> tuple[object, object]:
    return message.id, message.string
