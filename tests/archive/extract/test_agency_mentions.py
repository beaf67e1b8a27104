from __future__ import annotations

import pytest

from archive.cues.agency_structure import is_injected, name_in
from archive.cues.titles import find_title
from archive.extract.agency_mentions import AgencyMention, find_agency
from archive.extract.split_reports import ReportDraft
from archive.model import Block, Cell, Table
from tests.archive.pages import paragraphs, source

TITLE = "2015年政府信息公开工作年度报告"
PLAIN = ("一、概述", "做了许多事。")


def draft(*lines: str) -> ReportDraft:
    title = find_title(paragraphs(lines[0]))
    return ReportDraft(title, paragraphs(*(lines[1:] if title else lines)))


NAMED = [
    (
        ("2015年信息公开工作年度报告", "某某大学", "(2015年10月30日)", *PLAIN),
        "某某大学",
        "under the title, with the date",
    ),
    ((f"某市教育局{TITLE}", *PLAIN), "某市教育局", "the title"),
    ((TITLE, "本报告由某市教育局编制的。", *PLAIN), "某市教育局", "the author"),
    ((TITLE, "本报告由某市教育局(以下简称我局)负责编制。", *PLAIN), "某市教育局", "with its short name"),
    ((TITLE, "根据《条例》,某市水利局编制了2015年度报告。", *PLAIN), "某市水利局", "in the active voice"),
    ((TITLE, "现公布某市人民政府2015年政府信息公开工作报告。", *PLAIN), "某市人民政府", "a published report"),
    ((TITLE, "现公布2015年某镇人民政府政府信息公开年度报告。", *PLAIN), "某镇人民政府", "year first"),
    (
        (TITLE, *PLAIN[:1], "2015年,某区服务中心(以下简称中心)做了许多事。"),
        "某区服务中心",
        "a short form is introduced",
    ),
    ((TITLE, *PLAIN, "某市财政局", "2016年3月1日"), "某市财政局", "the signature"),
    ((TITLE, *PLAIN, "某市财政局2016年3月1日"), "某市财政局", "the signature on the line of its date"),
    ((TITLE, *PLAIN, "某市财政局", "二〇一六年三月一日"), "某市财政局", "with the date in Chinese"),
    ((TITLE, *PLAIN, "强化培训。某市财政局2016年3月1日"), "某市财政局", "on the last line of the text"),
    ((TITLE, "如有疑问,请与某市信访局联系。", *PLAIN), "某市信访局", "the contact line"),
    ((TITLE, "如有疑问,可与某市信访局办公室联系。", *PLAIN), "某市信访局", "an agency for questions"),
    ((TITLE, "发布机构:某市民政局", *PLAIN), "某市民政局", "a label of the site"),
    ((TITLE, "索引号", "01/2016", "发布机构", "某市民政局", *PLAIN), "某市民政局", "a label above its value"),
    ((f"关于{TITLE}", "由某市教育局编制", *PLAIN), "某市教育局", "a title with the subject only"),
    ((TITLE, "按照要求,某区某街道特编制2015年政府信息公开年度报告。", *PLAIN), "某区某街道", "特编制"),
    (
        (TITLE, "按要求编制某市城管局2015年政府信息公开工作年度报告。", *PLAIN),
        "某市城管局",
        "a report that is compiled",
    ),
    (
        (TITLE, "特编制并向社会公布某市城管局2015年度信息公开报告。", *PLAIN),
        "某市城管局",
        "a report that is compiled and published",
    ),
    ((TITLE, "现将某市统计局2015年度政府信息公开情况报告如下。", *PLAIN), "某市统计局", "现将…报告如下"),
    ((TITLE, "现公开清河经济开发区信息公开2015年度报告。", *PLAIN), "清河经济开发区", "with the year behind 信息公开"),
    (
        (TITLE, "按要求编制《青山镇2015年政府信息公开工作年度报告》。", *PLAIN),
        "青山镇",
        "the report's own title",
    ),
    ((TITLE, "请与某某州政府信息公开工作办公室联系。", *PLAIN), "某某州", "the office for 信息公开"),
    (
        (TITLE, "请与某市人民政府办公室政府信息公开中心联系。", *PLAIN),
        "某市人民政府办公室",
        "the center for 信息公开",
    ),
    ((TITLE, "请联系某某总署办公厅政务公开处,地址:北京。", *PLAIN), "某某总署", "a division of a ministry"),
    ((TITLE, "报告可下载。某市气象局联系电话:0000-1234567。", *PLAIN), "某市气象局", "a telephone number"),
    ((TITLE, *PLAIN[:1], "2015年,清水街道深入贯彻落实《条例》。"), "清水街道", "the subject of its first sentence"),
    (
        (TITLE, *PLAIN[:1], "在区委的领导下,清水街道办事处认真贯彻《条例》。"),
        "清水街道办事处",
        "under the lead of an agency",
    ),
    ((TITLE, *PLAIN[:1], "2014-2015学年,临江职业学院严格落实《办法》。"), "临江职业学院", "a school needs no place"),
    (
        (TITLE, "依据2015年度某区教育局政府信息公开情况编制本报告。", *PLAIN),
        "某区教育局",
        "an agency whose work is reported",
    ),
    ((TITLE, "由临江市住建局综合全年情况编制而成。", *PLAIN), "临江市住建局", "an agency that collected the data"),
    ((TITLE, *["首页导航"] * 9, "请与临江市人民政府联系。", *PLAIN), "临江市人民政府", "below a long menu"),
    ((TITLE, *["做了许多事。"] * 9, "2015年,南山乡未收取任何费用。"), "南山乡", "in the middle of the report"),
    (
        (TITLE, "由市政府办公室综合各部门情况编制。请与青石州联系。", *PLAIN),
        "青石州",
        "a name with its place is preferred",
    ),
    ((TITLE, *PLAIN[:1], "完善了《某区财政局政府信息公开指南》。"), "某区财政局", "the agency's own guide"),
    ((TITLE, "可在市平台和临江市地震局官网下载。", *PLAIN), "临江市地震局", "the agency's own site"),
    (
        (TITLE, "可在我局门户网站“海口人力资源和社会保障局网站”下载。", *PLAIN),
        "海口人力资源和社会保障局",
        "the site in quotation marks",
    ),
    (
        (TITLE, *PLAIN[:1], "2015年,我局印发了《临江市海事局新媒体管理暂行办法》。"),
        "临江市海事局",
        "rules that the agency made",
    ),
    ((TITLE, *PLAIN[:1], "学校设立临江大学信息公开工作领导小组。"), "临江大学", "the group inside the agency"),
    ((TITLE, "时间:2016-03-01来源:临江市水利局编辑:张三", *PLAIN), "临江市水利局", "a label behind the publisher"),
    (("临江市水利局", "机构概况", TITLE, *PLAIN), "临江市水利局", "the only name at the head of the page"),
    ((TITLE, "临江市实验小学,以主题教育为特色。", *PLAIN), "临江市实验小学", "a school that introduces itself"),
    ((TITLE, *PLAIN[:1], "公布政策法规、临江市审计局权力清单等。"), "临江市审计局", "the agency's own list of powers"),
    (
        (TITLE, "由某市人民政府信息公开工作领导小组办公室根据《条例》编制。", *PLAIN),
        "某市人民政府",
        "the office for 信息公开 that makes the report",
    ),
    ((TITLE, "由某市行政服务中心编制。", *PLAIN), "某市行政服务中心", "a maker that is an agency of its own"),
    ((TITLE, "请联系某市公安局行政审批办公室,地址:解放路。", *PLAIN), "某市公安局", "an office inside a bureau"),
    (
        (TITLE, "现就临江市人民政府2015年度政府信息公开工作情况报告如下。", "请与临江市信息化办公室联系。", *PLAIN),
        "临江市人民政府",
        "before another agency to ask",
    ),
    ((TITLE, "本报告涵盖青山镇人民政府2015年信息公开工作情况。", *PLAIN), "青山镇人民政府", "what the report covers"),
    (
        (TITLE, *PLAIN[:1], "2015年,海门经济技术开发区认真贯彻落实《条例》。"),
        "海门经济技术开发区",
        "a zone that is called after its county",
    ),
    (
        ("某市教(jiào)育局2015年政府信息公开(kāi)工作年度报告", *PLAIN),
        "某市教育局",
        "without pinyin annotations",
    ),
]


@pytest.mark.parametrize(("lines", "name", "reason"), NAMED, ids=[case[2] for case in NAMED])
def test_mentions_of_the_agency(lines: tuple[str, ...], name: str, reason: str) -> None:
    assert find_agency(draft(*lines), source(agency="某某")) == AgencyMention(name, "printed")


ORDER = [
    ((f"某市甲局{TITLE}", "由某市乙局编制。", *PLAIN, "某市丙局", "2016年3月1日"), "某市甲局", "title before preamble"),
    ((TITLE, "由某市乙局编制。", *PLAIN, "某市丙局", "2016年3月1日"), "某市乙局", "preamble before signature"),
    ((TITLE, "请与某市丁局联系。", *PLAIN, "某市丙局", "2016年3月1日"), "某市丙局", "signature before contact"),
    ((TITLE, "来源:某市戊局", "请与某市丁局联系。", *PLAIN), "某市丁局", "contact before the site's labels"),
]


@pytest.mark.parametrize(("lines", "name", "reason"), ORDER, ids=[case[2] for case in ORDER])
def test_the_most_explicit_mention_is_preferred(lines: tuple[str, ...], name: str, reason: str) -> None:
    assert find_agency(draft(*lines), source()).text == name


PLACES = [
    ((f"市水利局{TITLE}", "来源:安康市水利局", *PLAIN), "安康市水利局", "a department, from a label of the site"),
    ((f"市水利局{TITLE}", "来源 安康市水利局", *PLAIN), "安康市水利局", "a label with a space"),
    ((f"市水利局{TITLE}", "信息来源安康市水利局", *PLAIN), "安康市水利局", "a label without a space"),
    ((f"建新镇{TITLE}", *PLAIN, "遂溪县建新镇人民政府", "2016年1月3日"), "遂溪县建新镇", "a town, from the signature"),
    ((f"建新镇{TITLE}", *PLAIN, "遂溪县水利局", "2016年1月3日"), "建新镇", "the signature of another agency"),
    ((f"泉州市教育局{TITLE}", *PLAIN, "福建省泉州市教育局"), "泉州市教育局", "a name with its place stays as it is"),
    ((TITLE, "由市政府办公厅综合各部门情况编制。", *PLAIN), None, "a government without its place"),
]


@pytest.mark.parametrize(("lines", "name", "reason"), PLACES, ids=[case[2] for case in PLACES])
def test_the_place_of_a_name_is_that_of_a_fuller_mention(lines: tuple[str, ...], name: str | None, reason: str) -> None:
    assert find_agency(draft(*lines), source()).text == name


def test_a_table_of_metadata_names_the_publisher() -> None:
    table = Table(((Cell("索引号"), Cell("001"), Cell("发布机构"), Cell("某市民政局")),))
    report = ReportDraft(None, (Block("", table=table), *paragraphs(*PLAIN)))
    assert find_agency(report, source()) == AgencyMention("某市民政局", "printed")


def test_a_table_of_metadata_with_the_publisher_in_the_row_below() -> None:
    rows = ((Cell("索引号"), Cell("发布机构")), (Cell("123/2016"), Cell("某市民政局")))
    assert find_agency(ReportDraft(None, (Block("", table=Table(rows)),)), source()).text == "某市民政局"


NOBODY = [
    ("2015年,区教育局认真贯彻《条例》。", "a name without its district"),
    ("2015年,高新区认真贯彻《条例》。", "a zone without its city"),
    ("党中央、国务院高度重视政务公开工作。", "superior bodies"),
    ("某市市委市政府高度重视政务公开工作。", "a committee above it"),
    ("全市各部门认真贯彻《条例》。", "everybody"),
    ("多次召开会议,研究部署政务信息公开工作。", "a verb that ends like the name of a ministry"),
    ("因学校信息公开工作受到举报、复议、诉讼的情况。", "a part of a list"),
    ("目前我镇政府信息公开工作面临困难。", "we"),
    ("报告可在某市人民政府网站下载。", "the site of a government serves all its agencies"),
    ("促进学校信息公开工作的常态化。", "a verb with a body as its object"),
    ("我局转发了《临江市教育局政务公开办法》。", "rules of another agency"),
]


@pytest.mark.parametrize(("text", "reason"), NOBODY, ids=[case[1] for case in NOBODY])
def test_mentions_of_other_agencies(text: str, reason: str) -> None:
    assert find_agency(draft(TITLE, "一、概述", text), source()) == AgencyMention(None, "unknown")


def test_the_publisher_in_metadata_is_preferred_to_the_name_of_a_curator() -> None:
    nameless = draft(TITLE, *PLAIN)
    assert find_agency(nameless, source(agency="某县教育局"), "某市教育局") == AgencyMention("某市教育局", "printed")
    given = AgencyMention("某县教育局", "given")
    assert find_agency(nameless, source(agency="某县教育局"), "网站首页") == given
    assert find_agency(nameless, source(agency="某县教育局")) == given
    assert find_agency(nameless, source()) == AgencyMention(None, "unknown")


NOT_NAMES = [
    ("我局", "a word in place of a name"),
    ("回顾近年来学校", "a part of a sentence"),
    ("本机关", "another"),
    ("该市教育局", "a reference to a name"),
    ("各县区人民政府", "many agencies"),
    ("有关部门", "somebody"),
    ("国务院办公厅", "the body that prescribed the form"),
    ("信息公开办公室", "an office inside"),
    ("年度报告办公室", "words of the title"),
    ("以下情况", "no ending of a name"),
    ("教育", "no ending"),
    ("市局", "too short"),
    ("上级党委", "superior departments"),
    ("去年某市教育局", "a name behind a word of time"),
    ("上一年某市教育局", "a name behind two words of time"),
    ("近几年某市教育局", "a name behind a number of years"),
    ("365bet官网办公室", "an advertisement"),
    ("", "nothing"),
]
NAMES = [
    "某市教育局",
    "某县人民政府",
    "某镇",
    "某街道办事处",
    "某市城市管理指挥中心",
    "某大学",
    "某旗苏木",
    "某市人民医院",
    "某市自来水公司",
    "某省公安厅",
    "某海关",
    "某经济开发区管委会",
    "某市住房和城乡建设局(某市人民防空办公室)",
]


@pytest.mark.parametrize(("text", "reason"), NOT_NAMES, ids=[case[1] for case in NOT_NAMES])
def test_texts_that_are_no_names(text: str, reason: str) -> None:
    assert name_in(text, "text") is None


@pytest.mark.parametrize("text", [name for name in NAMES if len(name) > 2])
def test_texts_that_are_names(text: str) -> None:
    assert name_in(text, "text") == text


def test_advertising_is_no_name() -> None:
    title = f"22游戏365bet官网{TITLE}"
    assert is_injected(title)
    assert find_agency(draft(title, "由某市教育局编制。", *PLAIN), source()) == AgencyMention("某市教育局", "printed")


REFUSED = [
    ((f"高等学校{TITLE}", *PLAIN), "高等学校", "a common noun in a title"),
    ((TITLE, *PLAIN), None, "a title without a name"),
    ((f"高等学校{TITLE}", "由某市教育局编制。", *PLAIN), None, "a name is found elsewhere"),
]


@pytest.mark.parametrize(("lines", "refused", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_text_without_the_structure_of_a_name_is_refused(
    lines: tuple[str, ...], refused: str | None, reason: str
) -> None:
    assert find_agency(draft(*lines), source()).refused == refused


def test_several_names_at_the_head_are_a_menu() -> None:
    lines = ("临江市水利局", "临江市教育局", "机构概况", TITLE, *PLAIN)
    assert find_agency(draft(*lines), source()) == AgencyMention(None, "unknown")
