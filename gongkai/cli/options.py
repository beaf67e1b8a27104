"""Defines the options that several commands share: filters beside a query, and formats for programs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import click

from archive.errors import InvalidRequest, Language
from archive.vocabulary import kind_codes, level_codes
from indexer.answers.collocates import MOST_WINDOW, SIDES, WINDOW, CollocateFilter, Side, Window
from indexer.query.fields import FIELDS
from indexer.query.request import Request

Format = Literal["csv", "json"]

_Command = TypeVar("_Command", bound=Callable[..., object])


class OptionError(InvalidRequest):
    """An unknown option, or one that does not combine with another."""


FREE = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""Settings of commands with a query: what click does not know (-微博) belongs to the query."""
MATCH_STYLE = "bold black on yellow"


def _no_option(context: click.Context, _parameter: click.Parameter, words: Sequence[str]) -> Sequence[str]:
    """Refuses a misspelt option among the words of a query: `--yaer` would be read as a double negation."""
    known = [name for option in context.command.params for name in option.opts]
    for word in words:
        if re.match(r"--[A-Za-z]", word):
            raise _misspelt(word.partition("=")[0], known)
    return words


def _misspelt(name: str, known: Sequence[str]) -> OptionError:
    near = difflib.get_close_matches(name, known, 1)
    zh, en = (f"是不是选项 {near[0]}？", f"Did you mean the option {near[0]}? ") if near else ("", "")
    if name in known:
        zh, en = "选项请写在 -- 之前。", "Options stand before --. "
    return OptionError(
        f"{name} 不能作检索词。{zh}选项见 --help；要排除一个词，请只写一个减号。",
        f"{name} cannot be a word of a query. {en}See --help for options; to exclude a word, write one minus sign.",
    )


query_words = click.argument("query", nargs=-1, type=click.UNPROCESSED, callback=_no_option)
queries = click.argument(
    "queries", nargs=-1, required=True, type=click.UNPROCESSED, metavar="QUERY…", callback=_no_option
)
as_json = click.option("--json", "as_json", is_flag=True, help="一个 JSON 文档 · One JSON document.")
as_csv = click.option("--csv", "as_format", flag_value="csv", help="CSV，电子表格可直接打开 · CSV for spreadsheets.")
as_format_json = click.option("--json", "as_format", flag_value="json", help="一个 JSON 文档 · One JSON document.")

YEAR = click.IntRange(1, 9999)
"""A year as a number."""
window = click.option(
    "--window", type=click.IntRange(1, MOST_WINDOW), metavar="N",
    help="同一句中每侧 N 个词以内，默认 5 · Within N words on each side, in the same sentence; 5 by default.",
)  # fmt: skip
side = click.option(
    "--side", type=click.Choice(SIDES), help="左右两侧（默认）、左侧、右侧 · Both sides, the default, or one."
)


def agency_filters(command: _Command) -> _Command:
    """Adds the conditions on agencies, which the command passes to `AgencyFilter`."""
    for option in (
        click.option("--kind", type=click.Choice(kind_codes()), help="机关类型 · Only agencies of a kind."),
        click.option("--level", type=click.Choice(level_codes()), help="行政层级 · Only agencies of a level."),
        click.option(
            "--place", "--division", "place", help="省、市、县 · Only agencies in a province, city or county."
        ),
    ):
        command = option(command)
    return command


def filters(command: _Command) -> _Command:
    """Adds an option for each field; several values of one are alternatives."""
    for field in reversed([*FIELDS.values()]):
        command = click.option(f"--{field.name}", field.name, multiple=True, metavar="VALUE", help=field.help)(command)
    return command


def read_request(query: str, limits: Mapping[str, Sequence[str]], language: Language) -> Request:
    """Returns the request of a query and the options of `filters`."""
    return Request(
        query=query,
        filters={name: tuple(values) for name, values in limits.items() if values},
        language=language,
    )


def only_with(option: str, others: Mapping[str, object]) -> None:
    """Refuses the options that have a value, each of which is used with another option only.

    Raises:
        OptionError: with their names.
    """
    if given := _given(others):
        are = "is" if len(given) == 1 else "are"
        raise OptionError(
            f"{'、'.join(given)} 只与 {option} 一起使用。", f"{', '.join(given)} {are} used with {option} only."
        )


def not_with(option: str, others: Mapping[str, object]) -> None:
    """Refuses the options that have a value, none of which goes with another option.

    Raises:
        OptionError: with their names.
    """
    if given := _given(others):
        raise OptionError(
            f"{option} 不能与 {'、'.join(given)} 一起使用。", f"{option} cannot be combined with {', '.join(given)}."
        )


def _given(options: Mapping[str, object]) -> list[str]:
    return [name for name, value in options.items() if value is not None and value is not False and value != ()]


def read_collocate(word: str | None, window: int | None, side: Side | None) -> CollocateFilter | None:
    """Returns the word whose lines a concordance lists, None for those of the query."""
    if word is not None:
        return CollocateFilter.typed(word, Window(window or WINDOW, side or SIDES[0]))
    only_with("--collocate", {"--window": window, "--side": side})
    return None


def cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4f}"
    return str(value)
