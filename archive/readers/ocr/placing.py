"""Converts the places of the lines of a sheet to other units."""

from __future__ import annotations

from dataclasses import replace

from archive.readers.page_layout import PrintedLine, Sheet


def placed(sheet: Sheet, factor: float, left: float = 0.0, top: float = 0.0) -> Sheet:
    """The sheet with its lines scaled by a factor and then moved; tables have no places."""
    return replace(
        sheet,
        parts=tuple(
            replace(
                part,
                left=part.left * factor + left,
                right=part.right * factor + left,
                top=part.top * factor + top,
                size=part.size * factor,
            )
            if isinstance(part, PrintedLine)
            else part
            for part in sheet.parts
        ),
    )
