"""What a form writes parses to the tree that its fields mean, whatever is typed into them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.ast import Condition
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.query_form import QueryForm
from indexer.query.request import Request

WRITTEN = [
    (QueryForm(), "", "", "no field"),
    (QueryForm(exact='所谓"公开"'), r'"所谓\"公开\""', r'"所谓\"公开\""', "quotation marks in a phrase"),
    (QueryForm(exact="收到*件?"), r'"收到\*件\?"', r'"收到\*件\?"', "no gaps: exact is exact"),
    (QueryForm(exact=r"a\b"), r'"a\\b"', r'"a\\b"', "a backslash"),
    (QueryForm(every="微博、微信 舆情"), "微博 微信 舆情", "微博 微信 舆情", "separated by blanks and commas"),
    (QueryForm(every="“政务 公开” 微博"), '"政务公开" 微博', '"政务公开" 微博', "a phrase among words"),
    (QueryForm(every="OR NOT 微博OR微信"), '"OR" "NOT" "微博OR微信"', '"OR" "NOT" "微博OR微信"', "operators are text"),
    (QueryForm(every="year:2016 a.b >5"), '"year:2016" "a.b" ">5"', '"year:2016" "a.b" ">5"', "no field or condition"),
    (QueryForm(every='微博"'), "微博", "微博", "a single quotation mark"),
    (QueryForm(either="微博 微信", none="舆情"), "(微博 OR 微信) NOT 舆情", "(微博 OR 微信) NOT 舆情", "any and none"),
    (QueryForm(either="微博 微信"), "微博 OR 微信", "微博 OR 微信", "only alternatives"),
    (QueryForm(near=("收到", "申请"), distance=5), '"收到" NEAR/5 "申请"', '"收到" NEAR/5 "申请"', "near"),
    (QueryForm(near=("", "申请")), '"申请"', '"申请"', "half of near"),
    (QueryForm(sections=("problems",)), "章节:问题及改进", "section:problems", "names of the language"),
    (QueryForm(first=2014), "年份:2014..", "year:2014..", "an open range"),
    (QueryForm(first=2014, last=2014), "年份:2014", "year:2014", "one year"),
    (QueryForm(agencies="hai dian、朝阳"), '机关:"hai dian" OR 机关:朝阳', 'agency:"hai dian" OR agency:朝阳', "names"),
    (QueryForm(places="*"), r'地区:"\*"', r'place:"\*"', "a gap as a name"),
    (QueryForm(levels=("county",), kinds=("school",)), "层级:县级 类型:学校", "level:county kind:school", "codes"),
    (
        QueryForm(condition=Condition("requests.new.total", ">", Decimal(10)), exact="公开"),
        '"公开" requests.new.total>10',
        '"公开" requests.new.total>10',
        "a figure",
    ),
    (
        QueryForm(either="微博 微信", where="all", unit="report"),
        "(微博 OR 微信) in:all unit:report",
        "(微博 OR 微信) in:all unit:report",
        "options of the whole query",
    ),
    (QueryForm(where="tables"), "", "", "an option alone is no query"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "zh", "en", "reason"), WRITTEN, ids=[row[3] for row in WRITTEN])
def test_the_query_of_a_form(index: WhooshEngine, form: QueryForm, zh: str, en: str, reason: str) -> None:
    assert form.written("en") == en
    assert parse(form.written("zh")) == parse(zh) == form.tree() == parse(en)
    assert index.search(Request(zh, limit=0)).total == index.search(Request(en, limit=0)).total


ODD = '微博信公开 "“”「」『』‘’＂*?＊？\\:：.><=()（）-－_/、，,;ORANDNOTEsectionＡ30\n\t\u200b⺠ş年'
TYPED = st.text(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["OR", "NEAR/30", "a.b >5", "year:2016", "微博OR微信", "in:tables", "-微博", "requests.new.total>10", "“微 博"]
)
CODES = {field: st.sets(st.sampled_from(FIELDS[field].codes() or ())) for field in ("section", "level", "kind")}  # type: ignore[misc]
NUMBERS = st.decimals(0, 99, places=2)
FORMS = st.builds(
    QueryForm,
    exact=TYPED,
    every=TYPED,
    either=TYPED,
    none=TYPED,
    near=st.tuples(TYPED, TYPED),
    distance=st.integers(0, 9999),
    sections=CODES["section"].map(tuple),
    first=st.none() | st.integers(1000, 2000),
    last=st.none() | st.integers(2000, 9999),
    agencies=TYPED,
    places=TYPED,
    levels=CODES["level"].map(tuple),
    kinds=CODES["kind"].map(tuple),
    condition=st.none() | NUMBERS.map(lambda number: Condition("requests.new.total", ">=", number)),
    where=st.sampled_from(["text", "tables", "all"]),
    unit=st.sampled_from(["section", "report"]),
)  # fmt: skip


@given(FORMS)
def test_every_query_that_is_written_parses_to_the_tree_of_the_form(form: QueryForm) -> None:
    assert parse(form.written("zh")) == parse(form.written("en")) == form.tree()


@given(FORMS)
def test_the_total_of_the_query_is_that_of_the_tree(index: WhooshEngine, form: QueryForm) -> None:
    matched = index.match(form.tree(), Request()).mask
    for language in ("zh", "en"):
        assert index.search(Request(form.written(language), limit=0)).total.sections == matched.sum()  # type: ignore[arg-type]
