"""The work on a page of very many short blocks is bounded: by the number of blocks, and by the work on each."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import parse_source
from archive.limits import LIMITS
from archive.model import Reading, count_cells
from archive.readers.registry import read_page
from tests.archive.extract.short_blocks import KINDS, Kind, page_of, page_of_size
from tests.archive.extract.test_hostile import calls
from tests.archive.pages import source

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[3] / "corpus"
SIZE = 1 << 20
# Calls of functions for one paragraph, cell, report, and element without text; a second of CPU has some millions.
PARAGRAPH, CELL, REPORT, ELEMENT = 600, 200, 1_000, 300
IDS = [kind[2] for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_the_work_on_a_short_block_is_bounded(kind: Kind) -> None:
    few, many = (page_of(kind, count) for count in (50, 150))
    before = [size * most for size, most in zip(sizes(few), (PARAGRAPH, CELL, REPORT), strict=True)]
    after = [size * most for size, most in zip(sizes(many), (PARAGRAPH, CELL, REPORT), strict=True)]
    assert calls(parse, many) - calls(parse, few) < sum(after) - sum(before) + 100 * ELEMENT


def sizes(data: bytes) -> tuple[int, int, int]:
    """The numbers of paragraphs and tables, of cells and of reports of a page."""
    blocks = read_page(data, source(data)).blocks
    return len(blocks), count_cells(block.table for block in blocks), len(parse(data).reports)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_a_page_of_too_many_blocks_is_refused(kind: Kind) -> None:
    """A page of 1 MB is within the limits, or the sentence names the one that it exceeds."""
    data = page_of_size(kind, SIZE)
    try:
        page = read_page(data, source(data))
    except GongkaiError as error:
        assert "GONGKAI_READ_" in error.en
        return
    assert len(page.blocks) <= LIMITS.paragraphs
    assert count_cells(block.table for block in page.blocks) <= LIMITS.cells


def test_a_page_of_too_many_reports_is_refused() -> None:
    kind = next(kind for kind in KINDS if kind[2] == "small reports with preambles")
    with pytest.raises(GongkaiError, match=r"more than 1000 reports .* GONGKAI_READ_REPORTS"):
        parse(page_of(kind, LIMITS.reports + 1))


def test_twenty_times_the_longest_page_is_within_the_limits() -> None:
    data = max((path.read_bytes() for path in CORPUS.glob("*/page.*")), key=len) * 20
    assert len(parse(data).reports) > 20


def parse(data: bytes) -> Reading:
    return parse_source(data, source(data))
