"""Writes references by GB/T 7714, in its editions of 2015 and 2025."""

from __future__ import annotations

from datetime import date

from archive.export.citations.reference import Citation


def gbt_2015(citation: Citation) -> str:
    """GB/T 7714—2015, 4.1, 4.2 and 8: the day of publication in ( ), the day of access in [ ]."""
    published = f"({citation.issued.isoformat()})" if isinstance(citation.issued, date) else ""
    return _gbt(citation, f"{published}[{citation.accessed.isoformat()}]")


def gbt_2025(citation: Citation) -> str:
    """GB/T 7714—2025, 8.3 and 8.8: no day of access for reports; an estimated year in [ ]."""
    published = citation.issued.isoformat() if isinstance(citation.issued, date) else ""
    return _gbt(citation, published or (f"[{citation.issued}]" if citation.issued else ""))


def _gbt(citation: Citation, dates: str) -> str:
    author = [citation.author] if citation.author else []
    if citation.part is None:
        parts = [*author, f"{citation.title}[R/OL]"]
    else:
        host = ". ".join([*author, citation.title])
        parts = [*author, f"{citation.part}[R/OL]//{host}"]
    return ". ".join([*parts, *([dates] if dates else []), citation.url]) + "."
