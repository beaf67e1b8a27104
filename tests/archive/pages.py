"""Pages for the tests, with the structures of real pages and invented text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from archive.extract.pipeline import read_source
from archive.model import Block, Figure, Reading, Report, Source, SourceSpan
from archive.readers.registry import read_page

Rows = list[list[str]]

TRIAL, FORM = "trial-2019", "form-2021"
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
NOTE = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
PREAMBLE = "本报告根据《中华人民共和国政府信息公开条例》第五十条规定编制。"

# The labels of the requests table as 国办公开办函〔2021〕30号 prints them, a group before the first row that it spans.
_REQUESTS: tuple[tuple[str, str, str], ...] = (
    ("new", "", "一、本年新收政府信息公开申请数量"),
    ("carried_in", "", "二、上年结转政府信息公开申请数量"),
    ("granted", "三、本年度办理结果", "(一)予以公开"),
    ("partly_granted", "", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)"),
    ("refused.state_secret", "(三)不予公开", "1.属于国家秘密"),
    ("refused.other_law", "", "2.其他法律行政法规禁止公开"),
    ("refused.security_stability", "", "3.危及“三安全一稳定”"),
    ("refused.third_party", "", "4.保护第三方合法权益"),
    ("refused.internal_affairs", "", "5.属于三类内部事务信息"),
    ("refused.process_information", "", "6.属于四类过程性信息"),
    ("refused.enforcement_file", "", "7.属于行政执法案卷"),
    ("refused.administrative_lookup", "", "8.属于行政查询事项"),
    ("unavailable.not_held", "(四)无法提供", "1.本机关不掌握相关政府信息"),
    ("unavailable.must_be_created", "", "2.没有现成信息需要另行制作"),
    ("unavailable.unclear_after_correction", "", "3.补正后申请内容仍不明确"),
    ("not_processed.petition", "(五)不予处理", "1.信访举报投诉类申请"),
    ("not_processed.duplicate", "", "2.重复申请"),
    ("not_processed.publication", "", "3.要求提供公开出版物"),
    ("not_processed.excessive", "", "4.无正当理由大量反复申请"),
    ("not_processed.reconfirmation", "", "5.要求行政机关确认或重新出具已获取信息"),
    ("other.correction_overdue", "(六)其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other.fee_overdue", "", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other.other", "", "3.其他"),
    ("handled_total", "", "(七)总计"),
    ("carried_out", "", "四、结转下年度继续办理"),
)


def request_labels(form: str) -> list[tuple[str, str, str]]:
    """Code, group and label of each row; the trial form has one row where the later one has three."""
    if form == FORM:
        return list(_REQUESTS)
    rows = [row for row in _REQUESTS if not row[0].startswith("other.")]
    return [*rows[:-2], ("other", "", "(六)其他处理"), *rows[-2:]]


def requests(values: Sequence[Sequence[str]], form: str = FORM) -> Rows:
    """The requests table with 25 (or 23) rows of seven cells."""
    rows: Rows = [[NOTE, "申请人情况"], ["自然人", "法人或其他组织", "总计"], list(COLUMNS[1:-1])]
    for (_, group, label), cells in zip(request_labels(form), values, strict=True):
        rows.append([*([group] if group else []), label, *cells])
    return rows


def zeros(form: str = FORM) -> list[list[str]]:
    """The cells of a requests table with zeros only."""
    return [["0"] * 7 for _ in request_labels(form)]


def balanced(new: int, carried_in: int, carried_out: int, form: str = FORM) -> list[list[str]]:
    """Cells that satisfy every identity: requests of natural persons only, all granted."""
    cells = zeros(form)
    granted = new + carried_in - carried_out
    for index, value in ((0, new), (1, carried_in), (2, granted), (-2, granted), (-1, carried_out)):
        cells[index][0] = cells[index][-1] = str(value)
    return cells


def review(values: Sequence[str] = ("0",) * 15) -> Rows:
    """The review table: its labels, then one line of fifteen values."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    head = [["行政复议", "行政诉讼"], [*results, "未经复议直接起诉", "复议后起诉"], [*results, *results]]
    return [*head, list(values)]


def proactive(form: str = FORM, values: Mapping[str, Sequence[str]] | None = None) -> Rows:
    """The proactive table; `values` gives rows other than zeros, by label."""
    given = dict(values or {})

    def item(number: str, head: Sequence[str], *labels: str) -> Rows:
        zeros = ["0"] * len(head)
        rows = [[label, *given.pop(label, zeros)] for label in labels]
        return [[f"第二十条第({number})项"], ["信息内容", *head], *rows]

    if form == FORM:
        made, decided = ("本年制发件数", "本年废止件数", "现行有效件数"), ("本年处理决定数量",)
        rows = [
            *item("一", made, "规章", "行政规范性文件"),
            *item("五", decided, "行政许可"),
            *item("六", decided, "行政处罚", "行政强制"),
            *item("八", ("本年收费金额(单位:万元)",), "行政事业性收费"),
        ]
    else:
        items = ("上一年项目数量", "本年增/减", "处理决定数量")
        rows = [
            *item("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), "规章", "规范性文件"),
            *item("五", items, "行政许可", "其他对外管理服务事项"),
            *item("六", items, "行政处罚", "行政强制"),
            *item("八", items[:2], "行政事业性收费"),
            *item("九", ("采购项目数量", "采购总金额"), "政府集中采购"),
        ]
    assert not given, f"no such row: {given}"
    return rows


# The ways in which text captures write a table.


def bars_behind(rows: Rows) -> list[str]:
    """One cell a line with a bar behind it; a bar alone ends the row."""
    return [line for row in rows for line in (*(f"{cell} |" if cell else "|" for cell in row), "||")]


def bars_between(rows: Rows) -> list[str]:
    """One cell a line, the bar on a line of its own between two cells."""
    cells = [cell for row in rows for cell in row]
    return [line for cell in cells for line in (cell, "|")][:-1]


def bars_within(rows: Rows) -> list[str]:
    """One row a line."""
    return [" | ".join(row) + " |" for row in rows]


def markdown(rows: Rows) -> list[str]:
    """One row a line, with the rule below the head."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "| " + " | ".join("---" for _ in rows[0]) + " |", *lines[1:]]


def bare_lines(rows: Rows) -> list[str]:
    """One cell a line without bars."""
    return [cell for row in rows for cell in row]


def spaced(rows: Rows) -> list[str]:
    """One row a line with spaces between cells, as in the text layer of a PDF."""
    return [" ".join(row) for row in rows]


STYLES: Mapping[str, Callable[[Rows], list[str]]] = {
    style.__name__: style for style in (bars_behind, bars_between, bars_within, markdown, bare_lines, spaced)
}
# Styles with a bar for each cell, which can have blank cells.
STYLES_WITH_BLANKS = ("bars_behind", "bars_between", "bars_within", "markdown")


def form_report(
    title: str = "某市教育局2022年政府信息公开工作年度报告",
    *,
    cells: Sequence[Sequence[str]] | None = None,
    form: str = FORM,
    style: str = "bars_behind",
    reviews: Sequence[str] = ("0",) * 15,
    items: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """A report in the outline of the form, as lines."""
    lines = STYLES[style]
    return [
        title,
        PREAMBLE,
        "一、总体情况",
        "本机关依法办理各项信息公开事务。",
        "二、主动公开政府信息情况",
        *lines(proactive(form, items)),
        "三、收到和处理政府信息公开申请情况",
        *lines(requests(cells or zeros(form), form)),
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        *lines(review(reviews)),
        "五、存在的主要问题及改进情况",
        "公开的时效有待加强。",
        "六、其他需要报告的事项",
        "无其他事项。",
    ]


def prose_report(agency: str = "某市教育局", year: int = 2015, *, body: str = "全年公开平稳有序。") -> list[str]:
    """A report in prose, as until 2018, as lines."""
    return [
        f"{agency}{year}年政府信息公开工作年度报告",
        f"本报告根据《中华人民共和国政府信息公开条例》,由{agency}编制。",
        "一、概述",
        f"{year}年,{body}",
        "二、主动公开情况",
        "通过网站公开各类信息。",
        "三、依申请公开情况",
        "设有受理点一处。",
        "四、存在的主要问题及改进措施",
        "宣传还不够。",
    ]


def source(data: bytes = b"", path: str = "page.txt", agency: str | None = None) -> Source:
    """The source of some bytes."""
    return Source(path, hashlib.sha256(data).hexdigest(), "text/plain", agency=agency)


def read(lines: Iterable[str], agency: str | None = None) -> Reading:
    """The reading of a page with these lines."""
    data = "\n".join(lines).encode()
    return read_source(data, source(data, agency=agency))


def report(lines: Iterable[str]) -> Report:
    """The only report on a page with these lines."""
    (found,) = read(lines).reports
    return found


def blocks(lines: Iterable[str]) -> tuple[Block, ...]:
    """The blocks of a text page with these lines."""
    data = "\n".join(lines).encode()
    return read_page(data, source(data)).blocks


def paragraphs(*texts: str) -> tuple[Block, ...]:
    """Paragraphs, one a line."""
    return tuple(Block(text, SourceSpan(line, line)) for line, text in enumerate(texts, 1))


def cells(found: Report, table: str) -> dict[str, Figure]:
    """The figures of one table by row and column."""
    return {figure.name.removeprefix(f"{table}."): figure for figure in found.figures if figure.table == table}
