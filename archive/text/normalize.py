"""Converts text to the normal form: two texts are equal if their normal forms are.

Each UTF-16 unit becomes one UTF-16 unit, so an offset in the normal form is an offset in the text.
"""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files

_BASIC_PLANE = 0x10000
_BRACKETS = dict.fromkeys("〔［【[〖", "(") | dict.fromkeys("〕］】]〗", ")")
_QUOTES = dict.fromkeys("'‘’‚‛“”„‟«»‹›「」『』〝〞〟", '"')
# Dashes, minus signs and the drawn line that word processors write for 破折号. Wave dashes are ranges and not in here.
_DASHES = dict.fromkeys("‐‑‒–—―⸺⸻−─━", "-")


def normal_form(text: str) -> str:
    """The text in the form that search and rules compare.

    Character by character: NFKC if that is one unit, case folding, traditional to simplified, common variants, brackets
    to ( ), quotation marks to ", dashes to -, white space other than line feeds to a space. A character stays as it is
    if its form has another length or if it is outside the basic plane.
    """
    return text.translate(_table())


@functools.cache
def _table() -> dict[int, int]:
    forms = _pairs("han.tsv") | _pairs("variants.tsv") | _BRACKETS | _QUOTES | _DASHES
    table = {}
    for unit in map(chr, range(_BASIC_PLANE)):
        form = unit
        while (further := _step(form, forms)) != form:  # ＂ is first " by NFKC, 諮 first 谘 and then 咨
            form = further
        if form != unit:
            table[ord(unit)] = ord(form)
    return table


def _step(unit: str, forms: dict[str, str]) -> str:
    if unit.isspace() and unit != "\n":
        return " "
    for changed in (unicodedata.normalize("NFKC", unit), unit.casefold(), forms.get(unit, unit)):
        if changed != unit and len(changed) == 1 and ord(changed) < _BASIC_PLANE:
            return changed
    return unit


def _pairs(name: str) -> dict[str, str]:
    """The first two columns of a table in `rules/`, without comment lines."""
    lines = files("archive").joinpath("rules", name).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}
