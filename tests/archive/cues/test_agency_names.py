from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.agencies.registry import AgencyRegistry
from archive.cues.agency_names import slug_of
from archive.model import Agency, Name


def known(*names: str) -> Agency:
    return Agency(slug_of(names[0]), names[0], tuple(map(Name, names)))


SAME = [
    (["泉州市丰泽区教育局"], "泉州市丰泽区教育局", "the same"),
    (["泉州市丰泽区教育局"], "丰泽区教育局", "without its city"),
    (["丰泽区教育局"], "泉州市丰泽区教育局", "with its city"),
    (["丰泽区教育局"], "福建省泉州市丰泽区教育局", "with city and province"),
    (["泉州市丰泽区教育局"], "福建省泉州市丰泽区教育局", "with its province"),
    (["杭州市教育局"], "浙江省杭州市教育局", "a city with 州 in its name"),
    (["贵阳市教育局"], "贵州省贵阳市教育局", "a province with 州 in its name"),
    (["歙县教育局"], "安徽省歙县教育局", "a county of one character"),
    (["延边州教育局"], "吉林省延边州教育局", "a prefecture"),
    (["某市城市管理局", "泉州市城市管理中心"], "泉州市城市管理中心", "a later name"),
    (["泉州市教育局"], "泉州市教育局 ", "a blank behind"),
    (["泉州市教育局"], "泉州市敎育局".replace("敎", "教"), "the same script"),
    (["臺州市教育局".replace("臺", "台")], "臺州市教育局", "traditional"),
    (["北京市海淀区城市管理监督指挥中心"], "海淀区城市管理指挥中心", "a later name in the rules"),
]
DIFFERENT = [
    (["泉州市教育局"], "泉州市教育局直属中学", "a part of the agency"),
    (["泉州市教育局"], "晋江市教育局", "another place"),
    (["泉州市教育局"], "泉州市卫生局", "another trade"),
    (["北京市朝阳区教育局"], "长春市朝阳区教育局", "two districts with one name"),
    (["北京市朝阳区教育局", "朝阳区教育局"], "长春市朝阳区教育局", "even if one has the short name too"),
    (["教育局"], "泉州市教育局", "a short name without a place"),
    (["中山大学"], "孙中山大学", "the text before it is no place"),
    (["山西省教育厅"], "陕西省教育厅", "two provinces with the same pinyin"),
    (["市水利局"], "市水利局", "a name without a place on another page"),
    (["镇人民政府"], "镇人民政府", "another"),
]


@pytest.mark.parametrize(("names", "name", "reason"), SAME, ids=[case[2] for case in SAME])
def test_one_agency(names: list[str], name: str, reason: str) -> None:
    agency = known(*names)
    if "rules" not in reason:
        assert AgencyRegistry([known("某某市统计局"), agency]).resolve(name, "page") == agency
    else:
        assert AgencyRegistry().resolve(name, "page").id == AgencyRegistry().resolve(names[0], "page").id


@pytest.mark.parametrize(("names", "name", "reason"), DIFFERENT, ids=[case[2] for case in DIFFERENT])
def test_different_agencies_are_not_merged(names: list[str], name: str, reason: str) -> None:
    first = AgencyRegistry().resolve(names[0], "one page")
    agency = Agency(first.id, first.name, tuple(map(Name, names)))
    other = AgencyRegistry([agency]).resolve(name, "another page")
    assert other.id != agency.id


def test_a_short_name_of_two_agencies_is_a_new_agency() -> None:
    two = [known("北京市朝阳区教育局"), known("长春市朝阳区教育局")]
    short = AgencyRegistry(two).resolve("朝阳区教育局", "page")
    assert short not in two
    assert AgencyRegistry([*two, short]).resolve("朝阳区教育局", "page") == short


def test_one_vague_name_on_two_pages_is_two_agencies() -> None:
    one = AgencyRegistry().resolve("城关镇人民政府", "one page")
    assert AgencyRegistry([one]).resolve("城关镇人民政府", "another page").id != one.id


def test_a_vague_name_is_one_agency_on_one_page() -> None:
    first = AgencyRegistry().resolve("市水利局", "page")
    assert AgencyRegistry([first]).resolve("市水利局", "page") == first


SLUGS = [
    ("泉州市教育局", "quanzhoushi-jiaoyuju"),
    ("福建省泉州市丰泽区教育局", "fujiansheng-quanzhoushi-fengzequ-jiaoyuju"),
    ("杭州市教育局", "hangzhoushi-jiaoyuju"),
    ("北京市通州区教育局", "beijingshi-tongzhouqu-jiaoyuju"),
    ("贵州省教育厅", "guizhousheng-jiaoyuting"),
    ("歙县教育局", "shexian-jiaoyuju"),
    ("中山大学", "zhongshandaxue"),
    ("某局(某办)", "moujumouban"),
    ("PM2.5监测中心", "pm25jiancezhongxin"),
    ("()", "agency"),
]


@pytest.mark.parametrize(("name", "slug"), SLUGS, ids=[name for name, _ in SLUGS])
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text())
def test_a_slug_is_valid_in_an_address(name: str) -> None:
    slug = slug_of(name)
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()
    assert slug == slug.lower().strip("-")


@settings(deadline=None)  # the first name loads the rules and the pinyin
@given(
    st.lists(
        st.sampled_from(
            ["北京市朝阳区教育局", "长春市朝阳区教育局", "朝阳区教育局", "山西省教育厅", "陕西省教育厅", "市水利局"]
        )
    )
)
def test_ids_are_unique(names: list[str]) -> None:
    seen: dict[str, Agency] = {}
    for number, name in enumerate(names):
        agency = AgencyRegistry(seen.values()).resolve(name, str(number))
        assert seen.setdefault(agency.id, agency) == agency


PLACES = [
    ("北京市海淀区教育委员会", "北京市海淀区", "county", "department"),
    ("北京市教育委员会", "北京市", "province", "department"),
    ("北京市通州区教育委员会", "北京市通州区", "county", "department"),
    ("福建省教育厅", "福建省", "province", "department"),
    ("贵州省教育厅", "贵州省", "province", "department"),
    ("福建省泉州市教育局", "福建省泉州市", "city", "department"),
    ("杭州市教育局", "杭州市", "city", "department"),
    ("杭州市西湖区市场监督管理局", "杭州市西湖区", "county", "department"),
    ("延边州市场监督管理局", "延边州", "city", "department"),
    ("内蒙古自治区财政厅", "内蒙古自治区", "province", "department"),
    ("新疆维吾尔自治区喀什地区教育局", "新疆维吾尔自治区喀什地区", "city", "department"),
    ("延边朝鲜族自治州教育局", "延边朝鲜族自治州", "city", "department"),
    ("巴音郭楞蒙古自治州教育局", "巴音郭楞蒙古自治州", "city", "department"),
    ("歙县人民政府", "歙县", "county", "government"),
    ("土默特左旗人民政府", "土默特左旗", "county", "government"),
    ("泉州市丰泽区东海街道办事处", "泉州市丰泽区", "township", "street_office"),
    ("邹城市唐村镇人民政府", "邹城市", "township", "government"),
    ("国家统计局", None, "national", "department"),
    ("中山大学", None, None, "school"),
    ("泉州市第一医院", "泉州市", "city", "hospital"),
    ("泉州市自来水公司", "泉州市", "city", "utility"),
    ("泉州市朝阳社区服务中心", "泉州市", "city", "department"),
]


@pytest.mark.parametrize(("name", "place", "level", "kind"), PLACES, ids=[case[0] for case in PLACES])
def test_place_level_and_kind(name: str, place: str | None, level: str | None, kind: str) -> None:
    agency = AgencyRegistry().resolve(name, "page")
    assert (agency.place, agency.level, agency.kind) == (place, level, kind)
    assert agency.names == (Name(name),)
