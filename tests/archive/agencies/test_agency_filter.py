"""Agencies are selected by place, level and kind."""

from __future__ import annotations

import pytest

from archive.agencies.agency_filter import AgencyFilter, AgencyTable
from archive.errors import InvalidRequest
from archive.model import Agency, Name

# id: name, place, level, kind
AGENCIES = {
    "ministry": ("教育部", None, "national", "department"),
    "hebei": ("河北省人民政府", "河北省", "province", "government"),
    "sjz": ("石家庄市教育局", "石家庄市", "city", "department"),
    "zd": ("正定县教育局", "河北省石家庄市正定县", "county", "department"),
    "tj-hebei": ("天津市河北区教育局", "天津市河北区", "county", "department"),
    "zone": ("苏州工业园区管委会", "苏州工业园区", None, "department"),
    "chaoyang": ("朝阳区教育局", "朝阳区", "county", "department"),
    "vague": ("市水利局", None, None, "department"),
    "unlisted": ("临水市河东区教育局", "临水市河东区", "county", "department"),
}
TABLE = AgencyTable(Agency(code, name, (Name(name),), *rest) for code, (name, *rest) in AGENCIES.items())

SELECTED: list[tuple[AgencyFilter, list[str], str]] = [
    (AgencyFilter(), [*AGENCIES], "no condition"),
    (AgencyFilter("河北"), ["hebei", "sjz", "zd"], "a province holds everything below it, and is no district"),
    (AgencyFilter("河北省石家庄市"), ["sjz", "zd"], "a whole path, as links write it"),
    (AgencyFilter("石家庄"), ["sjz", "zd"], "a short name"),
    (AgencyFilter("苏州市"), ["zone"], "a zone lies in its city"),
    (AgencyFilter("朝阳区-unknown"), ["chaoyang"], "one of several divisions of a name"),
    (AgencyFilter("unknown"), ["chaoyang", "vague"], "the place is not known"),
    (AgencyFilter("地区不明"), ["chaoyang", "vague"], "the same by its name"),
    (AgencyFilter("none"), ["ministry"], "an agency of no place"),
    (AgencyFilter("临水市"), ["unlisted"], "a place that the table lacks"),
    (AgencyFilter("临水"), ["unlisted"], "the widest of the places that begin so"),
    (AgencyFilter("西藏自治区"), [], "a division without agencies selects none and is no mistake"),
    (AgencyFilter(level="county"), ["zd", "tj-hebei", "chaoyang", "unlisted"], "a level"),
    (AgencyFilter("河北", "county", "department"), ["zd"], "all conditions hold"),
    (AgencyFilter("河北", kind="school"), [], "conditions that exclude one another"),
]


@pytest.mark.parametrize(("wanted", "selected", "reason"), SELECTED, ids=[case[2] for case in SELECTED])
def test_selection(wanted: AgencyFilter, selected: list[str], reason: str) -> None:
    assert [agency.id for agency in TABLE.select(wanted)] == selected, reason


REFUSED = [
    ("朝阳区", "吉林省长春市朝阳区", "a name that several divisions share is refused with their paths"),
    ("石家装市", "石家庄市", "a misspelled name with the nearest one"),
    ("?" * 500, "石家庄市", "a long text with examples"),
]


@pytest.mark.parametrize(("place", "named", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_place_that_is_not_one_is_refused(place: str, named: str, reason: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        TABLE.select(AgencyFilter(place))
    assert named in caught.value.zh and named in caught.value.en, reason
    assert len(caught.value.zh) < 200
