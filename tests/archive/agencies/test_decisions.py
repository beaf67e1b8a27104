"""Decisions of a curator rename, refuse and join agencies when pages are added, and in an archive that has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.agencies.decisions import Decisions, Join, decided, read_decisions
from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import resolve_agencies
from archive.errors import InvalidRequest
from archive.extract.pipeline import parse_source
from archive.model import UNKNOWN_AGENCY
from archive.store.catalogue import Catalogue
from archive.store.curation.agency_curation import curate
from tests.archive.pages import source

TEXT = """
[[rename]]
printed = "泉州市教育局信箱局"
name = "泉州市教育局"
reason = "a word of the menu"

[[refuse]]
printed = "泉州市活动中心"

[[join]]
earlier = "泉州市教育局"
later = "泉州市教育委员会"
from = 2016
"""
DECISIONS = Decisions(
    {"泉州市教育局信箱局": "泉州市教育局"},
    frozenset({"泉州市活动中心"}),
    (Join("泉州市教育局", "泉州市教育委员会", 2016),),
)


def page(agency: str, year: int) -> bytes:
    return "\n".join((f"{agency}{year}年政府信息公开工作年度报告", "一、概述", f"{year}年做了许多事。")).encode()


def add(catalogue: Catalogue, agency: str, year: int, decisions: Decisions = Decisions()) -> str:  # noqa: B008
    data = page(agency, year)
    reading = decided(parse_source(data, source(data, f"{agency}{year}.txt")), decisions)
    resolved = resolve_agencies(reading, catalogue.register())
    catalogue.add(resolved, data)
    return resolved.reports[0].agency


def test_the_file_of_a_home(tmp_path: Path) -> None:
    assert read_decisions(tmp_path) == Decisions()
    (tmp_path / "agencies.toml").write_text(TEXT, "utf-8")
    assert read_decisions(tmp_path) == DECISIONS


INVALID = [
    ("[[rename", "no TOML"),
    ("[[renames]]", "another kind"),
    ('rename = "甲局"', "no rows"),
    ('[[rename]]\nprinted = "甲局"', "a missing key"),
    ('[[refuse]]\nprinted = "甲局"\nname = "乙局"', "another key"),
    ('[[join]]\nearlier = "甲局"\nlater = "乙局"\nfrom = "2016"', "a year that is no number"),
    ('[[refuse]]\nprinted = ""', "an empty name"),
]


@pytest.mark.parametrize(("text", "reason"), INVALID, ids=[case[1] for case in INVALID])
def test_an_invalid_file_is_refused_with_its_path(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "agencies.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidRequest, match=r"agencies\.toml"):
        read_decisions(tmp_path)


def test_pages_are_added_as_decided(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        renamed = add(catalogue, "泉州市教育局信箱局", 2015, DECISIONS)
        assert (renamed, add(catalogue, "泉州市活动中心", 2015, DECISIONS)) == ("quanzhoushi-jiaoyuju", UNKNOWN_AGENCY)
        (report,) = (each for each in catalogue.shown() if each.agency == UNKNOWN_AGENCY)
        assert [each.code for each in report.notices] == ["agency_refused"]
        assert [agency.name for agency in catalogue.agencies()] == ["泉州市教育局"]


def test_an_archive_is_changed_as_decided_once(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        former = add(catalogue, "泉州市教育局信箱局", 2014)
        refused = add(catalogue, "泉州市活动中心", 2015)
        later = add(catalogue, "泉州市教育委员会", 2017)
        assert curate(catalogue, DECISIONS) == 3
        (agency,) = catalogue.agencies()
        assert [(name.text, name.first_year, name.last_year) for name in agency.names] == [
            ("泉州市教育局", 2014, 2014),
            ("泉州市教育委员会", 2017, 2017),
        ]
        assert catalogue.keys(agency.id) == ("2014", "2017")
        assert [catalogue.agency(each) for each in (former, later)] == [agency, agency]
        assert catalogue.agency(refused) is None
        assert [report.agency_name for report in catalogue.shown() if report.agency == UNKNOWN_AGENCY] == [None]
        revision = catalogue.revision
        assert curate(catalogue, DECISIONS) == 0
        assert catalogue.revision == revision


def test_an_agency_is_renamed_to_one_that_the_archive_has(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        kept = add(catalogue, "泉州市教育局", 2016)
        former = add(catalogue, "泉州市教育局信箱局", 2014)
        assert curate(catalogue, Decisions(DECISIONS.renamed)) == 1
        (agency,) = catalogue.agencies()
        assert (agency.id, catalogue.keys(former)) == (kept, ("2014", "2016"))
        assert {report.agency_as_printed for report in catalogue.shown()} == {"泉州市教育局"}
        assert AgencyRegistry(catalogue.agencies()).resolve("泉州市教育局", "").id == kept


def test_names_that_the_archive_lacks_are_left_for_later(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        add(catalogue, "泉州市教育局", 2016)
        assert curate(catalogue, DECISIONS) == 0
