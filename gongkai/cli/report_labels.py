"""Prints notices and the basis of derived values."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from archive.errors import Language
from archive.model import Basis, Notice
from archive.notices import message
from gongkai.cli.context import Context

_BASES: dict[Basis, tuple[str, str]] = {
    "printed": ("", ""),
    "given": ("（来源说明）", " (given)"),
    "inferred": ("（推断）", " (inferred)"),
    "unknown": ("", ""),
}
_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}


def basis_mark(basis: Basis, context: Context) -> str:
    return context.say(*_BASES[basis])


def print_notice(console: Console, notice: Notice, language: Language, where: str = "") -> None:
    head = " ".join(part for part in (where, f"[{notice.place}]" if str(notice.place) else "", notice.code) if part)
    console.print(Text.assemble((f"{head}  ", _SEVERITY_STYLE[notice.severity]), message(notice, language)))
