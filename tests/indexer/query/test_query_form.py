"""What a form writes parses to the tree that its fields mean, whatever is typed, and is read back into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.ast import Condition, Not, Or, Query, scope_of
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.query_form import QueryForm, conjuncts, read_form
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
    matched = index.evaluator.match(form.tree(), Request()).mask
    for language in ("zh", "en"):
        assert index.search(Request(form.written(language), limit=0)).total.sections == matched.sum()  # type: ignore[arg-type]


READ = [
    ("微博 微信", QueryForm(every="微博 微信"), "words"),
    ('"应公开尽公开" 微博', QueryForm(exact="应公开尽公开", every="微博"), "the first phrase is the exact one"),
    ('微博 "政务 公开" "微信"', QueryForm(exact="政务公开", every='微博 "微信"'), "another phrase is a word in quotes"),
    (r'"a" "所谓\"公开\""', QueryForm(exact="a", every='“所谓"公开"”'), "quotation marks in a phrase"),
    ("微博 OR 微信", QueryForm(either="微博 微信"), "alternatives"),
    ("NOT 微博 -微信", QueryForm(none="微博 微信"), "none"),
    ("舆情 NOT (微博 OR 微信)", QueryForm(every="舆情", none="微博 微信"), "none of several"),
    ("收到 NEAR/5 申请", QueryForm(near=("收到", "申请"), distance=5), "near"),
    ("年份:2014.. 章节:问题及改进", QueryForm(first=2014, sections=("problems",)), "Chinese names"),
    ("section:problems OR section:overview", QueryForm(sections=("problems", "overview")), "alternatives of a field"),
    ('agency:"hai dian" OR agency:朝阳', QueryForm(agencies="hai dian、朝阳"), "agencies"),
    ("place:河北 level:county kind:school", QueryForm(places="河北", levels=("county",), kinds=("school",)), "places"),
    (
        "requests.new.total>=10",
        QueryForm(condition=Condition("requests.new.total", ">=", Decimal(10))),
        "a condition",
    ),
    ("微博 in:all unit:report", QueryForm(every="微博", where="all", unit="report"), "options"),
    ("", QueryForm(), "nothing"),
    ("word:公开", QueryForm(rest="word:公开"), "a whole word has no field"),
    ('"收到*申请"', QueryForm(rest='"收到*申请"'), "nor has a gap"),
    ("keyword:舆情 form:form-2021", QueryForm(rest="keyword:舆情 form:form-2021"), "nor have these fields"),
    ("NOT year:2016", QueryForm(rest="NOT year:2016"), "nor has a negated field"),
    ("year:none", QueryForm(rest="year:none"), "nor has an unknown year"),
    ("year:2016 OR year:2018", QueryForm(rest="year:2016 OR year:2018"), "nor have two years"),
    ("(a OR b) (c OR d)", QueryForm(either="a b", rest="c OR d"), "two groups of alternatives"),
    ("微博 OR section:plan", QueryForm(rest="微博 OR section:plan"), "alternatives of different kinds"),
    ("微博 OR 微信 舆情", QueryForm(rest="微博 OR 微信 舆情"), "alternatives that are groups"),
    ("(a OR b) NEAR/3 c", QueryForm(rest='("a" OR "b") NEAR/3 "c"'), "alternatives near a word"),
    ("agency:a agency:b", QueryForm(agencies="a", rest="agency:b"), "both names of an agency"),
    ('agency:"a、b"', QueryForm(rest='agency:"a、b"'), "a name with a separator"),
    ("requests.new.total>1 requests.new.total<9", QueryForm(
        condition=Condition("requests.new.total", ">", Decimal(1)), rest="requests.new.total<9"), "two conditions"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "form", "reason"), READ, ids=[row[2] for row in READ])
def test_a_query_is_read_back_into_fields(index: WhooshEngine, query: str, form: QueryForm, reason: str) -> None:
    read = read_form(parse(query), "en")
    assert read == form
    assert read_form(parse(read.written("zh")), "en") == read, "form, query, form"
    totals = [index.search(Request(each, limit=0)).total for each in (query, read.written("en"))]
    assert (totals[0].sections, totals[0].reports) == (totals[1].sections, totals[1].reports)


REST = st.sampled_from(
    [
        "",
        "word:公开",
        "(a OR b) (c OR d)",
        "NOT (微博 OR year:2016)",
        '"收到*申请" in:all',
        "keyword:舆情",
        "agency:朝阳 年:2016",
    ]
)


@given(FORMS, REST)
def test_a_form_that_was_read_is_the_same_after_it_was_written(form: QueryForm, rest: str) -> None:
    tree = replace(form, rest=rest).tree()
    read = read_form(tree, "en")
    assert set(_parts(read.tree())) == set(_parts(tree)), "no part is lost or added"
    assert (scope_of(read.tree()).where, scope_of(read.tree()).unit) == (scope_of(tree).where, scope_of(tree).unit)
    for language in ("zh", "en"):
        assert read_form(parse(read.written(language)), "en") == read  # type: ignore[arg-type]


def _parts(tree: Query) -> Iterator[Query]:
    """The parts that apply together, one for each negation."""
    for part in conjuncts(scope_of(tree).part):
        if isinstance(part, Not) and isinstance(part.part, Or):
            yield from map(Not, part.part.parts)
        else:
            yield part
