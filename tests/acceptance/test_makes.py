"""The same cells in every make of table: each one is read, under its own row and column."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from archive.extract.pipeline import read_source
from archive.model import Source
from tests.acceptance import makes
from tests.acceptance.grids import Grids, grids
from tests.archive.pages import FORM, TRIAL


def _html(make: str, made: Grids, year: int) -> bytes:
    return makes.html(made, year, make)


MAKES: dict[str, Callable[[Grids, int], bytes]] = {
    **{make: functools.partial(_html, make) for make in makes.HTML},
    **makes.FILES,
}
FORMS = {FORM: 2022, TRIAL: 2020}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("make", MAKES)
def test_every_cell_of_every_make(make: str, form: str) -> None:
    made = grids(form)
    data = MAKES[make](made, FORMS[form])
    (report,) = read_source(data, Source("page", "0" * 64, "application/octet-stream")).reports
    read = {figure.name: f"{figure.value}" for figure in report.figures if figure.basis == "table"}
    assert read == made.figures
    assert [section.heading for section in report.sections if section.heading and section.code == "unclassified"] == []
