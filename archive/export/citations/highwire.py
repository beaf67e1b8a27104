"""Writes references as the meta tags of Highwire Press."""

from __future__ import annotations

from datetime import date

from archive.export.citations.reference import Citation, unsplit_author


def highwire(citation: Citation) -> tuple[tuple[str, str], ...]:
    """Name and content of the tags that Google Scholar and reference managers read, in order."""
    issued, part = citation.issued, citation.part
    fields: list[tuple[str, str | None]] = [
        ("citation_title", part or citation.title),
        ("citation_book_title", citation.title if part else None),
        ("citation_author", citation.author and unsplit_author(citation.author)),
        ("citation_publisher" if part else "citation_technical_report_institution", citation.author),
        ("citation_publication_date", f"{issued:%Y/%m/%d}" if isinstance(issued, date) else citation.year),
        ("citation_language", "zh"),
        ("citation_public_url", citation.address),
        ("citation_fulltext_html_url", citation.address),
    ]
    return tuple((name, value) for name, value in fields if value)
