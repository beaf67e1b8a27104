"""Runs the command line. The module of a command is imported when the command runs, so that `--help` is quick."""

from __future__ import annotations

import difflib
import gettext
import importlib
import inspect
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from archive.errors import GongkaiError, InvalidRequest, Language
from archive.system_errors import translated
from gongkai.cli.context import Context, NamedPath
from gongkai.cli.signals import exit_on_signals
from gongkai.default_home import default_home

COMMANDS = {
    "add": (
        "read_and_add",
        "读页面并收录；失败的说明原因，其余照收",
        "Read pages and add them; a page that fails is reported, the others are added.",
    ),
    "agencies": (
        "agency",
        "机关名录，或按名称、简称、拼音、首字母查找",
        "List all agencies, or those with a name, short name, pinyin or initials.",
    ),
    "agency": ("agency", "两个机关合为一个", "Join two agencies."),
    "cite": (
        "cite",
        "引用一份报告或一个章节：GB/T 7714、RIS、BibTeX、CSL-JSON",
        "References to a report or a section: GB/T 7714, RIS, BibTeX, CSL-JSON.",
    ),
    "collocates": (
        "collocates",
        "搭配词：一个词句前后常出现哪些词",
        "Collocates: the words near a word or phrase.",
    ),
    "compare": (
        "compare",
        "比较一个机关的两年：哪些未变、改动、新增、删去",
        "Compare two years of one agency: what was kept, changed, added and removed.",
    ),
    "concordance": (
        "concordance",
        "逐条语境：左侧语境、匹配文字、右侧语境、来源",
        "Every occurrence with its left and right context and its source.",
    ),
    "coverage": ("coverage", "每个机关每一年的收录与缺失", "Reports held and missing, by agency and year."),
    "figures": ("figures", "法定表格和文字里的数字，一行一个", "The figures of tables and sentences, one a line."),
    "index": ("index", "把索引更新到与目录一致", "Update the index to the catalogue; searches continue meanwhile."),
    "jobs": (
        "queue.jobs",
        "排队读页的进度和失败的作业",
        "The progress of the queue of files to read, and the jobs that failed.",
    ),
    "matrix": ("trend", "一个检索式，机关 × 年份", "One query, agency by year."),
    "notices": ("notices", "待人工核对", "Notices to review by hand."),
    "ranking": (
        "ranking",
        "按一项数据或指标给机关排名",
        "Agencies by one figure or measure, the largest first.",
    ),
    "read": (
        "read_and_add",
        "读页面而不收录，列出读到的内容",
        "Read pages without adding them, and print the result.",
    ),
    "search": ("search", "检索：词之间空格表示“并且”", "Search; a space between words means AND."),
    "serve": ("serve", "开放网站，供人和程序阅读", "Serve the site to people and programs."),
    "show": (
        "show",
        "看一份报告：机关可写名称、简称、拼音或首字母",
        "One report; the agency by name, short name, pinyin or initials.",
    ),
    "similar": (
        "similar",
        "与一个章节最相似的章节，供探索",
        "The sections most similar to one of a report, to explore.",
    ),
    "snapshot": (
        "snapshot",
        "把一次检索连同全部结果写成 ZIP，可随论文存档",
        "A search with all its results as a ZIP file, to deposit with a paper.",
    ),
    "trend": (
        "trend",
        "逐年的频次、章节数、报告数，每个参数一个检索式",
        "Counts by year; each argument is a query.",
    ),
    "verify": (
        "verify",
        "核对原件、目录和索引，列出损坏之处",
        "Verify originals, catalogue and index, and list what is damaged.",
    ),
    "worker": (
        "queue.worker",
        "从队列取文件，读页并收录；可在多台机器上运行",
        "Take files from the queue, read and add them, on any number of machines.",
    ),
}
"""Command name: module in this package, and summary in Chinese and in English; the function is named as the command."""

_CHOSEN = f"{__name__}.language"


def load_command(name: str) -> click.Command:
    """Imports a command; its help begins with the summary of `COMMANDS`, followed by the function's docstring."""
    module, zh, en = COMMANDS[name]
    summary = f"{zh} · {en}"
    command: click.Command = getattr(importlib.import_module(f"gongkai.cli.{module}"), name)
    if not (command.help or "").startswith(summary):
        command.help = f"{summary}\n\n{inspect.cleandoc(command.help or '')}".strip()
    return command


class CommandGroup(click.Group):
    """A group that refuses options that would be ignored."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise _no_such_command(args[0][:60], self.list_commands(ctx))
        name, command, rest = super().resolve_command(ctx, args)
        if command:
            _check_repeated(command, click.Context(command, ctx, name, **command.context_settings), rest)
        return name, command, rest


class Gongkai(CommandGroup):
    """A group that loads commands on use and reports an error as one sentence with its exit code.

    An error of a file is reported like a `GongkaiError`; any other exception is a bug and ends with a traceback.
    """

    def main(self, *args: Any, **options: Any) -> Any:
        _speak(_language())
        return super().main(*args, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = next(filter(COMMANDS.__contains__, args), None)
        before = " ".join(args[: args.index(named)] if named else args)
        if chosen := re.search(r"(?:^| )--lang[ =](zh|en)(?: |$)", before):  # also for an error in these words
            _choose_language(ctx, self.params[0], chosen[1])
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise _no_such_option(error, ctx, named) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Returns the option in the language of this call; click keeps the text of the first one."""
        option = super().get_help_option(ctx)
        if option:
            option.help = gettext.gettext("Show this message and exit.")
        return option

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands in one language; click would cut a summary in two languages in the middle."""
        language = _language(ctx)
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl([(name, en if language == "en" else zh) for name, (_, zh, en) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            with exit_on_signals():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("已中断。" if _language(ctx) == "zh" else "Interrupted.", err=True)
            ctx.exit(128 + signal.SIGINT)
        except UnicodeEncodeError:
            if not any(map(_is_broken, sys.argv)):
                raise
            zh, en = (
                "参数的编码不是 UTF-8。请改用 UTF-8，例如 LANG=C.UTF-8。",
                "An argument is not in UTF-8. Use UTF-8, such as LANG=C.UTF-8.",
            )
            click.echo(zh if _language(ctx) == "zh" else en, err=True)
            ctx.exit(InvalidRequest.exit_code)
        except click.MissingParameter as error:
            # '缺少参数 'AGENCY'.': click writes the full stop itself
            sentence = error.format_message()
            raise click.UsageError(
                re.sub(r"\.( |$)", "。", sentence, count=1) if _language(ctx) == "zh" else sentence, error.ctx
            ) from None
        except click.NoSuchOption as error:
            raise _no_such_option(error, ctx) from None
        except (GongkaiError, OSError) as error:
            if (reported := translated(error, ctx.params["home"], or_output=True)) is None:
                raise
            click.echo(reported.message(_language(ctx)), err=True)
            if reported.did_you_mean:
                click.echo(
                    ("您是不是找：" if _language(ctx) == "zh" else "Did you mean: ") + reported.did_you_mean, err=True
                )
            ctx.exit(reported.exit_code)


def _no_such_command(name: str, known: Sequence[str]) -> InvalidRequest:
    near = difflib.get_close_matches(name, known, 1)
    meant_zh, meant_en = (f"是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else ("", "")
    return InvalidRequest(
        f"没有“{name}”这个命令。{meant_zh}全部命令见 gongkai --help。",
        f"There is no command “{name}”.{meant_en} See gongkai --help for all commands.",
    )


def _no_such_option(error: click.NoSuchOption, ctx: click.Context, command: str | None = None) -> click.UsageError:
    """The error without the blank that click writes after a Chinese full stop.

    `command` is the command behind an option of no command, which may be its option.
    """
    language = _language(ctx)
    if command and any(error.option_name in option.opts for option in load_command(command).params):
        sentence = (
            f"{error.option_name} 是 {command} 的选项，请写在 {command} 之后。"
            if language == "zh"
            else f"{error.option_name} is an option of {command}. Write it after {command}."
        )
    else:
        sentence = error.format_message()
    return click.UsageError(sentence.replace("。 ", "。"), error.ctx or ctx)


def _is_broken(text: str) -> bool:
    """Whether an argument has bytes that are not in the encoding of the locale."""
    return any("\udc80" <= character <= "\udcff" for character in text)


def _check_repeated(command: click.Command, ctx: click.Context, words: list[str]) -> None:
    """Refuses an option that is given twice, or beside one that excludes it: click ignores all but the last."""
    try:
        _, _, given = command.make_parser(ctx).parse_args(list(words))
    except click.UsageError:
        return  # click reports it
    options: dict[str | None, str] = {}
    for option in given:
        if not isinstance(option, click.Option) or option.multiple:
            continue
        before = options.setdefault(option.name, option.opts[0])
        if before != option.opts[0]:
            raise InvalidRequest(
                f"{before} 不能与 {option.opts[0]} 一起使用。", f"{before} cannot be combined with {option.opts[0]}."
            )
        if given.count(option) > 1 and not option.is_flag:
            raise InvalidRequest(f"{before} 只能写一次。", f"{before} can be given once only.")


def _language(ctx: click.Context | None = None) -> Language:
    """The language of `--lang`; without it, English where the locale says so, Chinese otherwise."""
    chosen: Language | None = ctx.meta.get(_CHOSEN) if ctx else None
    if chosen:
        return chosen
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh"


def _choose_language(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    ctx.meta[_CHOSEN] = value
    _speak(_language(ctx))


def _speak(language: Language) -> None:
    """Chooses the language of click's own messages, which it looks up by gettext in the domain of this name."""
    gettext.bindtextdomain("messages", str(files("gongkai") / "translations"))
    os.environ["LANGUAGE"] = language


@click.group(cls=Gongkai, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=NamedPath(readable=False),
    envvar="GONGKAI_HOME",
    default=default_home,
    help="存放档案的文件夹 · The folder that holds the archive (GONGKAI_HOME).",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=_choose_language,
    help="语言，不写则按 LANG · Language of messages [by LANG].",
)
@click.version_option(package_name="gongkai", help="显示版本 · Show the version.")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """政府信息公开工作年度报告全文档案 · A full-text archive of Chinese disclosure reports."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    ctx.obj = Context(home, _language(ctx))


if __name__ == "__main__":
    main()
