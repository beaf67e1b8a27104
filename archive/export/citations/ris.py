"""Writes references as RIS."""

from __future__ import annotations

from datetime import date

from archive.export.citations.reference import DATABASE, GENRE, Citation, unsplit_author


def ris(citation: Citation) -> str:
    """One reference: `TAG  - value` on each line, CRLF, `TY` first and `ER` last."""
    fields: list[tuple[str, str | None]] = [
        ("TY", "CHAP" if citation.part else "RPRT"),
        ("ID", citation.id),
        ("AU", citation.author and unsplit_author(citation.author)),
        ("TI", citation.part or citation.title),
        ("T2", citation.title if citation.part else None),
        ("PY", citation.year),
        ("DA", f"{citation.issued:%Y/%m/%d}/" if isinstance(citation.issued, date) else None),
        ("PB", citation.author),
        ("M3", None if citation.part else GENRE),
        ("LA", "zh"),
        ("UR", citation.url),
        ("Y2", f"{citation.accessed:%Y/%m/%d}/"),
        ("DB", DATABASE),
        ("AN", citation.number),
        *(("N1", remark) for remark in citation.remarks),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])
