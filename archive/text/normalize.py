"""The normal form: two texts are the same when their normal forms are.

One UTF-16 unit becomes one UTF-16 unit, so that an offset in the normal form is an offset in the text.
"""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files

_BASIC_PLANE = 0x10000
_BRACKETS = dict.fromkeys("〔［【[〖", "(") | dict.fromkeys("〕］】]〗", ")")
_QUOTES = dict.fromkeys("'‘’‚‛“”„‟«»‹›「」『』〝〞〟", '"')
# Dashes, minus signs and the drawn line that word processors give for 破折号; wave dashes are ranges and stay.
_DASHES = dict.fromkeys("‐‑‒–—―⸺⸻−─━", "-")


def normal_form(text: str) -> str:
    """The text in the form that search and rules compare.

    Each character by itself: NFKC where that is one unit, case fold, traditional to simplified, usual variants,
    brackets to ( ), quotation marks to ", dashes to -, white space but the line feed to a blank. A character whose
    form would be longer or shorter stays as it is, and so does every character outside the basic plane.
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
    """The first two columns of a table in `rules/`; lines that begin with # are comments."""
    lines = files("archive").joinpath("rules", name).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}
