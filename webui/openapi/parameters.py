"""The parameters of each operation, with what they mean in Chinese and English."""

from __future__ import annotations

from typing import get_args

from archive.export.json_types import Json
from archive.store.curation.notice_reviews import REVIEW_STATE_NAMES
from indexer.answers.collocates import COLLOCATE_ORDERS
from indexer.answers.concordance import ConcordanceOrder
from indexer.answers.suggest import KINDS as SUGGESTED
from webui.openapi.shared_parameters import (
    AGENCY,
    AGENCY_FILTERS,
    COUNTED,
    FILTERS,
    OCR,
    QUERY,
    QUERY_OR_FILTER,
    QUERY_TEXT,
    TEXT,
    WINDOW_PARAMETERS,
    YEAR_RANGE,
    Parameter,
    number,
    one_of,
)
from webui.params.aggregate_params import GROUPINGS
from webui.params.collocate_params import GROUPINGS as COLLOCATE_GROUPINGS
from webui.params.collocate_params import MOST_COLLOCATES
from webui.params.count_params import KEYWORDS_LISTED, MOST_CONTEXT, MOST_LINES, MOST_QUERIES, SIMILAR_LISTED
from webui.params.figure_params import KINDS
from webui.params.search_params import (
    LONGEST_VALUE,
    LOOKED_UP,
    MOST_DRAWN,
    MOST_HITS,
    MOST_NAMED,
    MOST_PAGES,
    MOST_SEED,
    PAGE_SIZE,
    SENTENCES,
    SORTS,
)

KEY: Json = {"type": "string", "pattern": r"^(\d{4}|(undated|\d{4})-[0-9a-f]{8})$"}
PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "search_json": (
        QUERY,
        *FILTERS,
        Parameter(
            "sort",
            "排序：按相关度、年份升序、年份降序。",
            "The order of the hits: by relevance, oldest first, newest first.",
            one_of(SORTS, "relevance"),
        ),
        Parameter("page", "第几页，从 1 起。", "Which page of hits, from 1.", number(MOST_PAGES, 1)),
        Parameter("limit", "每页几条。", "Hits a page.", number(MOST_HITS, PAGE_SIZE)),
        Parameter(
            "sample",
            "不按顺序列出，而是随机抽取几条；总数仍是全部结果的总数。",
            "Number of hits to draw at random instead of all in order; totals stay those of all.",
            number(MOST_DRAWN),
        ),
        Parameter(
            "sentences",
            "once：句子完全相同的章节只列一次，`same` 为其余各处，`entries` 为条数。",
            "With once, hits with identical sentences are listed once: `same` has the others, `entries` the length.",
            one_of(SENTENCES, "all"),
        ),
        Parameter("seed", "同一个数抽出同样的结果。", "The same seed draws the same hits.", number(MOST_SEED)),
    ),
    "count_citation": (
        QUERY_OR_FILTER,
        *FILTERS,
        Parameter(
            "cited",
            "引文中网址所记的计数；答复与当前的总数对照。",
            "What a cited address states; the answer compares it with the current totals.",
            TEXT,
        ),
    ),
    "facet_values": (
        QUERY,
        *FILTERS,
        Parameter(
            "find",
            "名称中的几个字、拼音或首字母；不给出则列出最常见的。",
            "Some characters of a name, its pinyin or initials; the most frequent without it.",
            TEXT,
        ),
    ),
    "suggest": (
        Parameter("q", "已输入的文字。", "What is typed so far.", TEXT),
        Parameter(
            "line",
            "整行输入，q 是其中一个词，用来识别机关和报告；不给出则同 q。",
            "The whole input that q is a word of, to name agencies and reports; q without it.",
            TEXT,
        ),
        Parameter(
            "kind",
            "只要某一种建议；不给出则为各种。",
            "Only suggestions of this kind; all without it.",
            one_of(SUGGESTED),
        ),
        Parameter("limit", "至多几条建议。", "Suggestions at most.", number(MOST_NAMED, 10)),
    ),
    "agencies": (
        Parameter(
            "q",
            "机关的全称、简称、拼音或首字母；不给出则为全部机关。",
            "A name, whole or shortened, its pinyin or initials; all agencies without it.",
            TEXT,
        ),
        *AGENCY_FILTERS,
        Parameter("limit", "至多几个机关。", "Agencies at most.", number(MOST_NAMED)),
    ),
    "coverage": AGENCY_FILTERS,
    "divisions_json": AGENCY_FILTERS,
    "notices": (
        Parameter(
            "state",
            "只要某一状态的疑点：未核实、已核实、已驳回、已更正；不给出则为全部。",
            "Only notices of a state: open are those that nobody has decided about; all without it.",
            one_of(REVIEW_STATE_NAMES),
        ),
    ),
    "concordance_json": (
        COUNTED,
        *FILTERS,
        Parameter(
            "sort",
            "各处的次序：按左侧、右侧语境，或年份、机关。",
            "The order of the lines: by left or right context, year or agency.",
            one_of(get_args(ConcordanceOrder), "agency"),
        ),
        Parameter(
            "width",
            "左右各取多少个字；不给出则取整句。",
            "Characters on each side; whole sentences without it.",
            number(MOST_CONTEXT),
        ),
        Parameter("limit", "至多几处；不给出则为全部。", "Lines at most; all without it.", number(MOST_LINES)),
        Parameter(
            "collocate",
            "不列出检索词本身，而列出它附近的这个词。",
            "Lists this word near the occurrences, and not the occurrences.",
            {**TEXT, "maxLength": LONGEST_VALUE},
        ),
        *WINDOW_PARAMETERS,
    ),
    "collocates_json": (
        COUNTED,
        *FILTERS,
        *WINDOW_PARAMETERS,
        Parameter(
            "order",
            "比期望多的在前、比期望少的在前，或按频次。",
            "More frequent than expected, less frequent, or by count.",
            one_of(COLLOCATE_ORDERS, COLLOCATE_ORDERS[0]),
        ),
        Parameter(
            "by",
            "year：每个词另给出各年的频次。",
            "With year, counts of each word by year, too.",
            one_of(COLLOCATE_GROUPINGS, COLLOCATE_GROUPINGS[0]),
        ),
        Parameter("limit", "至多几个词。", "Words at most.", number(MOST_COLLOCATES, MOST_COLLOCATES)),
    ),
    "trends_json": (
        Parameter(
            "q",
            f"检索式，至多 {MOST_QUERIES} 个，各自计数。",
            f"Queries, {MOST_QUERIES} at most, each counted by itself.",
            QUERY_TEXT,
            is_repeated=True,
            is_required=True,
        ),
        *FILTERS,
    ),
    "agency_matrix": (COUNTED, *FILTERS),
    "distinctive": (
        QUERY_OR_FILTER,
        *FILTERS,
        Parameter("limit", "至多几个关键词。", "Keywords at most.", number(MOST_NAMED, KEYWORDS_LISTED)),
    ),
    "similar": (
        Parameter(
            "section",
            "章节的锚点；不给出则为第一个章节。",
            "The anchor of the section; the first one without it.",
            TEXT,
        ),
        Parameter("limit", "至多几个章节。", "Sections at most.", number(MOST_NAMED, SIMILAR_LISTED)),
    ),
    "aggregates_json": (
        Parameter(
            "figure",
            "数据的名称，例如 requests.refused.total；不给出则为 2008 年以来的各序列。",
            "Figures by name, such as requests.refused.total; the series since 2008 without it.",
            TEXT,
            is_repeated=True,
        ),
        Parameter("by", "年份之外的分组。", "The groups beside years.", one_of(GROUPINGS, "year")),
        Parameter("of", "占比以哪项数据为分母。", "The figure that shares are computed of, by name.", TEXT),
        *AGENCY_FILTERS,
        Parameter("division", "place 的旧名。", "An earlier name of place.", TEXT, is_deprecated=True),
        AGENCY,
        *YEAR_RANGE,
        OCR,
    ),
    "figures_json": (
        Parameter("table", "一张表，或 measures（指标）。", "A table, or the measures.", one_of(KINDS, "measures")),
        Parameter(
            "row",
            "表中的行或指标的代码；不给出则为全部。",
            "Rows of the table, or measures, by code; all without it.",
            TEXT,
            is_repeated=True,
        ),
        Parameter(
            "column",
            "表中的列的代码；不给出则为全部。",
            "Columns of the table by code; all without it.",
            TEXT,
            is_repeated=True,
        ),
        *AGENCY_FILTERS,
        AGENCY,
        *YEAR_RANGE,
        OCR,
    ),
}
"""The parameters in the query string; `webui.views.api` refuses all others."""


def _in_path(name: str, zh: str, en: str, schema: Json) -> Parameter:
    return Parameter(name, zh, en, schema, is_required=True, place="path")


PATH = {
    each.name: each
    for each in (
        _in_path(
            "agency",
            "机关编号。旧编号以 301 转到现编号，报告的旧网址以 302 转到现网址。",
            "An agency's id; a former id leads on with 301, the former address of a report with 302.",
            TEXT,
        ),
        _in_path(
            "key",
            "报告的年份；年份或机关不详的，带八位十六进制数字。",
            "The report's year; of unknown years or agencies, with eight hex digits.",
            KEY,
        ),
        _in_path("facet", "哪个分面。", "Which facet.", one_of(LOOKED_UP)),
        _in_path("before", "前一份报告的年份（key）。", "The earlier report's key.", KEY),
        _in_path("after", "后一份报告的年份（key）。", "The later report's key.", KEY),
    )
}
"""The parameters in the path."""
