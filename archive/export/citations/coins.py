"""Writes references as OpenURL ContextObjects, which COinS embeds in a page."""

from __future__ import annotations

from urllib.parse import urlencode

from archive.export.citations.reference import Citation


def context_object(citation: Citation) -> str:
    """A ContextObject by Z39.88-2004 in book format, with the genre report or bookitem."""
    part = citation.part
    fields: list[tuple[str, str | None]] = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rfr_id", "info:sid/gongkai"),
        ("rft.genre", "bookitem" if part else "report"),
        ("rft.atitle", part),
        ("rft.btitle", citation.title),
        ("rft.title", citation.title),
        ("rft.aucorp", citation.author),
        ("rft.pub", citation.author),
        ("rft.date", str(citation.issued) if citation.issued else None),
        ("rft.language", "zh"),
        ("rft_id", citation.url),
    ]
    return urlencode([(name, value) for name, value in fields if value])
