"""Writes references as CSL-JSON."""

from __future__ import annotations

from datetime import date

from archive.export.citations.reference import DATABASE, GENRE, Citation


def csl(citation: Citation) -> dict[str, object]:
    item: dict[str, object] = {
        "id": citation.id,
        "type": "chapter" if citation.part else "report",
        "title": citation.part or citation.title,
    }
    if citation.part:
        item["container-title"] = citation.title
    else:
        item["genre"] = GENRE
    if citation.author:
        item |= {"author": [{"literal": citation.author}], "publisher": citation.author}
    if isinstance(citation.issued, date):
        item["issued"] = {"date-parts": [_parts(citation.issued)]}
    elif citation.issued:
        item["issued"] = {"date-parts": [[citation.issued]], "circa": True}
    return item | {
        "URL": citation.url,
        "accessed": {"date-parts": [_parts(citation.accessed)]},
        "source": DATABASE,
        "language": "zh-CN",
        "note": "; ".join(citation.remarks),
        "custom": {"sha256": citation.sha256, "address": citation.address, "as_of": citation.as_of},
    }


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
