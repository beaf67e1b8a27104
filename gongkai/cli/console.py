"""Prints for people and programs: tables and notices in the user's language, JSON documents."""

from __future__ import annotations

import json
import sys
from typing import Literal

import click
from msgspec import to_builtins
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from archive.errors import Language
from archive.model import UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME, Basis, Notice
from archive.notices import message
from archive.store.curation.notice_reviews import REVIEW_STATE_NAMES, NoticeReview
from gongkai.cli.context import Context

_BASES: dict[Basis, tuple[str, str]] = {
    "printed": ("", ""),
    "given": ("（来源说明）", " (given)"),
    "inferred": ("（推断）", " (inferred)"),
    "unknown": ("", ""),
}
_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}
EMPTY_ARCHIVE = "档案还是空的。请先 gongkai add。", "The archive is empty. Begin with gongkai add."
_UNKNOWN = UNKNOWN_AGENCY_NAME, "Agency unknown"
_PIPE_WIDTH = 200
"""Columns of output that goes to a pipe or a file, which have no width of their own."""


def open_console() -> Console:
    """Returns a console that prints text as it is, without markup or emoji codes."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=width)


def new_grid(context: Context, *heads: str) -> Grid:
    """Returns an empty table.

    Heads are written `中文|English`, with a trailing `>` for columns of numbers and `<` for other short values. Neither
    is broken where a terminal is narrow: half a number is another number.
    """
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for head in heads:
        zh, _, en = head.rstrip("<>").partition("|")
        justify: Literal["left", "right"] = "right" if head.endswith(">") else "left"
        grid.add_column(context.say(zh, en), justify=justify, overflow="fold", no_wrap=head.endswith((">", "<")))
    return grid


def print_data_version(console: Console, data_version: str, context: Context) -> None:
    console.print(Text(context.say("依据：", "Counted on: ") + data_version, style="dim"))


def echo_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, default=to_builtins))


def agency_text(agency: str, name: str | None, context: Context) -> str:
    """The name of an agency, else its id."""
    return context.say(*_UNKNOWN) if agency == UNKNOWN_AGENCY else name or agency


def basis_mark(basis: Basis, context: Context) -> str:
    return context.say(*_BASES[basis])


def print_notice(
    console: Console, notice: Notice, language: Language, where: str = "", review: NoticeReview | None = None
) -> None:
    head = " ".join(part for part in (where, f"[{notice.place}]" if str(notice.place) else "", notice.code) if part)
    decided = f"  {review_text(review, language)}" if review else ""
    console.print(Text.assemble((f"{head}  ", _SEVERITY_STYLE[notice.severity]), message(notice, language), decided))


def review_text(review: NoticeReview, language: Language) -> str:
    """The state that a curator gave a notice, with the day and the reason."""
    state = REVIEW_STATE_NAMES[review.state][0 if language == "zh" else 1]
    if language == "zh":
        return f"【{state}，{review.date}：{review.reason}】"
    return f"[{state}, {review.date}: {review.reason}]"
