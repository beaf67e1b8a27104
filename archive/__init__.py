"""What a page says and where it is kept: the front door of the archive."""

from archive.errors import GongkaiError, Language
from archive.model import Agency, Cell, Figure, Name, Notice, Paragraph, Place, Reading, Report, Section, Source, Table

__all__ = [
    "Agency",
    "Cell",
    "Figure",
    "GongkaiError",
    "Language",
    "Name",
    "Notice",
    "Paragraph",
    "Place",
    "Reading",
    "Report",
    "Section",
    "Source",
    "Table",
]
