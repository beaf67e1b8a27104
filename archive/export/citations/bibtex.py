"""Writes references as BibTeX."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

from archive.export.citations.reference import GENRE, Citation

URL_SAFE = ":/?#[]@!$&'()*+,;=%~"
"""The characters of a URL that are not escaped."""
_TEX = {"\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}"}
_TEX |= {"^": r"{\textasciicircum}"} | {mark: f"\\{mark}" for mark in "$&#_%"}
# the special characters of TeX
_SPECIAL = re.compile(r"[\\{}~^$&#_%]")


def bibtex(citation: Citation) -> str:
    """One entry; names and titles are in double braces, which protect them from name parsing and change of case."""
    author = f"{{{tex(citation.author)}}}" if citation.author else None
    year = f"[{citation.year}]" if citation.estimated else citation.year
    month = str(citation.issued.month) if isinstance(citation.issued, date) else None
    title = f"{{{tex(citation.title)}}}"
    part = citation.part and f"{{{tex(citation.part)}}}"
    fields: list[tuple[str, str | None]] = [
        ("author", author),
        ("title", part or title),
        ("booktitle", title if part else None),
        ("publisher" if part else "institution", citation.author and tex(citation.author)),
        ("type", None if part else GENRE),
        ("year", year),
        ("month", month),
        ("url", quote(citation.url, safe=URL_SAFE)),
        ("urldate", citation.accessed.isoformat()),
        ("language", "chinese"),
        ("note", tex("; ".join(citation.remarks))),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@{'incollection' if part else 'techreport'}{{{citation.id},\n{lines}}}\n\n"


def tex(text: str) -> str:
    """The text on one line, with the special characters of TeX escaped."""
    return _SPECIAL.sub(lambda match: _TEX[match[0]], " ".join(text.split()))
