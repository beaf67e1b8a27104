"""Provides each command with the home of the archive and the user's language."""

from __future__ import annotations

import gettext
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import GongkaiError, Language

if TYPE_CHECKING:
    from indexer.answers.engine import Engine


class NamedPath(click.Path):
    """A path that is not empty: an empty one, as an unset shell variable gives, would be the current folder."""

    def __init__(self, **options: Any) -> None:
        super().__init__(path_type=Path, **options)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            missing = gettext.gettext("{name} {filename!r} does not exist.")  # of click, which translates it
            self.fail(missing.format(name=gettext.gettext("path"), filename=""), param, ctx)
        return super().convert(value, param, ctx)


@dataclass(frozen=True, slots=True)
class Context:
    """The object of the command line (`click.Context.obj`)."""

    home: Path
    language: Language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def open_index(self) -> Engine:
        """Opens the index, and says on stderr if it lacks what was added to the catalogue since it was built.

        Raises:
            IndexMissing: if there is no index, or one of another version.
        """
        # imported here: `--help` and the commands without an index start faster
        from archive.store.catalogue import Catalogue  # noqa: PLC0415
        from archive.store.connection import NAME  # noqa: PLC0415
        from archive.store.dialects.registry import database_url  # noqa: PLC0415
        from indexer.index import open_index  # noqa: PLC0415

        engine = open_index(self.home)
        if database_url() is None and not (self.home / NAME).is_file():
            return engine  # an index without its catalogue can be searched
        with suppress(GongkaiError, OSError), Catalogue.open(self.home) as catalogue:
            if engine.revision != catalogue.revision:
                note = self.say(
                    "索引不是最新的：此后收录的报告和更正检索不到。请运行 gongkai index。",
                    "The index is out of date: it lacks reports and corrections added since. Run gongkai index.",
                )
                click.echo(note, err=True)
        return engine
