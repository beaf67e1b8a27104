"""What a page says and where it is kept: the front door of the archive."""

from archive.citations import STYLES, Citation, Style, cite, context_object, csl, highwire
from archive.clean import clean, clean_part
from archive.commands import COMMANDS
from archive.compare import Comparison, carried_share, compare, comparison_json
from archive.context import Context
from archive.coverage import CoverageCell
from archive.errors import GongkaiError, Language
from archive.files import read_path
from archive.home import own_home
from archive.listing import Listed, listed
from archive.lookup import find_agencies, one_agency, one_report
from archive.model import (
    Agency,
    Cell,
    Check,
    Figure,
    Name,
    Notice,
    Paragraph,
    Place,
    Reading,
    Report,
    Section,
    Source,
    Table,
)
from archive.normal import normal_form
from archive.reading import read_source
from archive.sheets import csv_lines, write_csv
from archive.show import figure_json, notice_json, report_json, source_json
from archive.state import as_of
from archive.store import Catalogue

__all__ = [
    "COMMANDS",
    "STYLES",
    "Agency",
    "Catalogue",
    "Cell",
    "Check",
    "Citation",
    "Comparison",
    "Context",
    "CoverageCell",
    "Figure",
    "GongkaiError",
    "Language",
    "Listed",
    "Name",
    "Notice",
    "Paragraph",
    "Place",
    "Reading",
    "Report",
    "Section",
    "Source",
    "Style",
    "Table",
    "as_of",
    "carried_share",
    "cite",
    "clean",
    "clean_part",
    "compare",
    "comparison_json",
    "context_object",
    "csl",
    "csv_lines",
    "figure_json",
    "find_agencies",
    "highwire",
    "listed",
    "normal_form",
    "notice_json",
    "one_agency",
    "one_report",
    "own_home",
    "read_path",
    "read_source",
    "report_json",
    "source_json",
    "write_csv",
]
