"""The command line: the commands of each room, gathered."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import platformdirs

from archive.errors import GongkaiError, Language
from gongkai.cli import archive_commands, index_commands, serve
from gongkai.cli.context import Context


class Gongkai(click.Group):
    """The group; a mistake that the user can mend ends in one sentence, not in a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; exit code and sentence of a `GongkaiError` go to the shell and to stderr."""
        try:
            return super().invoke(ctx)
        except GongkaiError as error:
            click.echo(error.message(_language()), err=True)
            ctx.exit(error.exit_code)


def _language() -> Language:
    """English where the locale says so, Chinese otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh"


@click.group(cls=Gongkai, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="GONGKAI_HOME",
    default=lambda: Path(platformdirs.user_data_dir("gongkai")),
    help="存放档案的文件夹 · The folder that holds the archive (GONGKAI_HOME).",
)
@click.version_option(package_name="gongkai")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """政府信息公开工作年度报告全文档案 · A full-text archive of Chinese disclosure reports."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    ctx.obj = Context(home, _language())


for command in (*archive_commands.COMMANDS, *index_commands.COMMANDS, *serve.COMMANDS):
    # a list of commands in two languages would be cut off in the middle of the second
    zh, _, en = (command.help or "").partition("\n")[0].partition(" · ")
    command.short_help = en if _language() == "en" and en else zh
    main.add_command(command)

if __name__ == "__main__":
    main()
