"""Converts text to the normal form: two texts are equal if their normal forms are.

Each UTF-16 unit becomes one UTF-16 unit, so an offset in the normal form is an offset in the text.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib.resources import files

_BASIC_PLANE = 0x10000
# With more different characters to change, such as in traditional script, one pass is quicker than one for each.
_FEW = 16
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
    changed = set(_changed().findall(text))
    if len(changed) > _FEW:
        return text.translate(_full_table())
    for unit in changed:  # a form is no character with another form
        text = text.replace(unit, _table()[unit])
    return text


@functools.cache
def _changed() -> re.Pattern[str]:
    """Matches one character with another form."""
    return re.compile(f"[{re.escape(''.join(_table()))}]")


@functools.cache
def _full_table() -> dict[int, int]:
    """The form of every unit, as `translate` is slow for units that a table lacks."""
    return {ord(unit): ord(_table().get(unit, unit)) for unit in map(chr, range(_BASIC_PLANE))}


@functools.cache
def _table() -> dict[str, str]:
    forms = _pairs("han.tsv") | _pairs("variants.tsv") | _BRACKETS | _QUOTES | _DASHES
    table = {}
    for unit in map(chr, range(_BASIC_PLANE)):
        form = unit
        while (further := _step(form, forms)) != form:  # ＂ is first " by NFKC, 諮 first 谘 and then 咨
            form = further
        if form != unit:
            table[unit] = form
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
