"""Runs commands as `gongkai` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result

from archive.errors import GongkaiError, Language
from gongkai.cli import load_command
from gongkai.cli.context import Context
from tests.archive.pages import prose_report

AGENCY = "泉州市教育局"
ID = "quanzhoushi-jiaoyuju"
TITLE = f"{AGENCY}2022年政府信息公开工作年度报告"
PROSE = prose_report(AGENCY, 2015, body="收到政府信息公开申请4件。")
NAMES = ("read", "add", "show", "figures", "compare", "coverage", "notices", "agency")


def write(path: Path, lines: list[str] | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines if isinstance(lines, bytes) else "\n".join(lines).encode())
    return path


def run(home: Path, name: str, *arguments: object, language: Language = "zh") -> Result:
    """Runs a command; an error prints its sentence to stderr and sets the exit code."""
    command = load_command(name)

    @click.command(name, params=command.params, context_settings={"ignore_unknown_options": True})
    @click.pass_context
    def guarded(ctx: click.Context, /, **values: Any) -> object:
        try:
            return ctx.invoke(command, **values)
        except GongkaiError as error:
            click.echo(error.message(language), err=True)
            ctx.exit(error.exit_code)

    return CliRunner().invoke(guarded, [str(each) for each in arguments], obj=Context(home, language))


def document(result: Result) -> Any:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


def counts(result: Result) -> list[str]:
    """Returns the counts of the table that `add` prints last."""
    return next(line.split() for line in result.stdout.splitlines() if line.split() and line.split()[0].isdigit())
