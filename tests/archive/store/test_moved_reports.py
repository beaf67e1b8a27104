"""The address of a report that its page, read again, gives another agency or year leads to the new one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.agencies.search import one_report
from archive.errors import NotFound
from archive.extract.pipeline import read_source
from archive.model import Agency, Name, Reading, Report, Source
from archive.store.catalogue import Catalogue
from archive.store.verify import Damage, verify_catalogue
from tests.archive.pages import prose_report

pytestmark = pytest.mark.usefixtures("database")

OLD = Agency("gongbu-qinghe", "公布清河县教育局", (Name("公布清河县教育局", None, None),))
NEW = Agency("qinghe-jiaoyuju", "清河县教育局", (Name("清河县教育局", None, None),))
NEWER = Agency("qinghexian-jiaoyuju", "清河县教育和体育局", (Name("清河县教育和体育局", None, None),))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def catalogue(home: Path) -> Iterator[Catalogue]:
    with Catalogue.open(home) as opened:
        yield opened


def damage(home: Path) -> list[Damage]:
    return list(verify_catalogue(home, lambda _what, _done, _total: None))


def page(*years: int, body: str = "公开了许多。") -> tuple[Reading, bytes]:
    data = "\n".join(line for year in years for line in prose_report("清河县教育局", year, body=body)).encode()
    return read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"), ()), data


def add(catalogue: Catalogue, read: tuple[Reading, bytes], agency: Agency, year: int | None = None) -> None:
    """Adds a page as if it had been read so."""

    def of_agency(report: Report) -> Report:
        return replace(report, agency=agency.id, agency_name=agency.name, year=year or report.year)

    reading, data = read
    reports = tuple(of_agency(report) for report in reading.reports)
    catalogue.add(replace(reading, reports=reports, agencies=(agency,)), data)


def address(report: Report | None) -> tuple[str, str] | None:
    return (report.agency, report.key) if report else None


def test_a_report_of_another_agency(catalogue: Catalogue, home: Path) -> None:
    read = page(2015)
    add(catalogue, read, OLD)
    assert catalogue.moved(OLD.id, "2015") is None
    add(catalogue, read, NEW)
    assert address(catalogue.moved(OLD.id, "2015")) == (NEW.id, "2015")
    assert catalogue.moved(OLD.id, "2016") is None
    assert catalogue.report(OLD.id, "2015") is None
    assert address(one_report(OLD.id, "2015", catalogue)) == (NEW.id, "2015")
    with pytest.raises(NotFound):
        one_report(OLD.id, "2016", catalogue)
    assert damage(home) == []


def test_each_report_of_a_page(catalogue: Catalogue) -> None:
    read = page(2014, 2015)
    add(catalogue, read, OLD)
    add(catalogue, read, NEW)
    assert [address(catalogue.moved(OLD.id, str(year))) for year in (2014, 2015)] == [
        (NEW.id, "2014"),
        (NEW.id, "2015"),
    ]


def test_a_report_of_another_year(catalogue: Catalogue) -> None:
    read = page(2015)
    add(catalogue, read, NEW)
    add(catalogue, read, NEW, 2014)
    assert address(catalogue.moved(NEW.id, "2015")) == (NEW.id, "2014")


def test_several_moves_and_the_way_back(catalogue: Catalogue) -> None:
    read = page(2015)
    for agency in (OLD, NEW, NEWER):
        add(catalogue, read, agency)
    assert address(catalogue.moved(OLD.id, "2015")) == (NEWER.id, "2015")
    add(catalogue, read, OLD)
    assert address(catalogue.report(OLD.id, "2015")) == (OLD.id, "2015"), "the report itself"
    assert address(catalogue.moved(NEW.id, "2015")) == (OLD.id, "2015")
    catalogue.add(replace(read[0], reports=()), read[1])
    assert catalogue.moved(NEW.id, "2015") is None, "the page has no report any more"


def test_another_page_that_still_has_the_report(catalogue: Catalogue) -> None:
    add(catalogue, page(2015), OLD)
    add(catalogue, page(2015, body="另一份。"), OLD)
    add(catalogue, page(2015), NEW)
    assert catalogue.moved(OLD.id, "2015") is None
    assert address(catalogue.report(OLD.id, "2015")) == (OLD.id, "2015")


def test_an_agency_that_is_joined_or_refused_later(catalogue: Catalogue, home: Path) -> None:
    read = page(2015)
    add(catalogue, read, OLD)
    add(catalogue, read, NEW)
    add(catalogue, page(2016), NEWER)
    catalogue.join(NEWER, NEW, 2015)
    assert address(catalogue.moved(OLD.id, "2015")) == (NEWER.id, "2015")
    assert damage(home) == []
    catalogue.reassign(NEWER, None)
    assert catalogue.moved(OLD.id, "2015") is None
    assert damage(home) == []
