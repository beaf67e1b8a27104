"""Names of codes as the site prints them, with full-width punctuation in Chinese."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from archive import vocabulary
from archive.agencies.name_tolerance import Tolerance
from archive.agencies.search import TOLERANCE_NAMES
from archive.errors import Language
from archive.model import SourceSpan
from indexer.query.fields import FIELDS
from webui.http.i18n import language

# Short names of notices; a notice without one is shown by its code.
NOTICES: dict[str, LazyString] = {
    "duplicate_report": lazy_gettext("同页重复"),
    "missing_year": lazy_gettext("缺一年"),
    "inferred_year": lazy_gettext("年份是推断的"),
    "year_unknown": lazy_gettext("年份不明"),
    "year_conflict": lazy_gettext("年份矛盾"),
    "early_form": lazy_gettext("年份早于格式"),
    "agency_unknown": lazy_gettext("机关不详"),
    "agency_refused": lazy_gettext("不像机关名称"),
    "inferred_agency": lazy_gettext("机关是推断的"),
    "unknown_heading": lazy_gettext("不认识的标题"),
    "heading_order": lazy_gettext("标题次序不对"),
    "head_differs": lazy_gettext("表头与格式不同"),
    "unknown_row": lazy_gettext("不认识的行"),
    "missing_row": lazy_gettext("缺行"),
    "check_failed": lazy_gettext("勾稽不成立"),
    "unreadable_cell": lazy_gettext("读不出的格"),
    "unit_in_cell": lazy_gettext("格中带单位"),
    "blank_cell": lazy_gettext("空白格"),
    "image_only": lazy_gettext("只有图片"),
    "ocr_read": lazy_gettext("OCR 识别"),
    "ocr_unchecked": lazy_gettext("OCR 数字未经勾稽"),
    "unmapped_font": lazy_gettext("字体无法提取文字"),
    "in_attachment": lazy_gettext("正文可能在附件中"),
    "attachment_unread": lazy_gettext("附件无法读取"),
    "no_report": lazy_gettext("没有报告"),
    "prose_arithmetic": lazy_gettext("正文与表格数据不一致"),
    "injected_text": lazy_gettext("混入广告文字"),
    "repetitive_text": lazy_gettext("文字重复"),
    "encoding_repaired": lazy_gettext("修复过编码"),
    "truncated_source": lazy_gettext("原件不全"),
    "series_break": lazy_gettext("与上年数据不衔接"),
}
_FULL_WIDTH = str.maketrans("(),:;", "（），：；")


def full_width(label: str, language: Language) -> str:
    """A Chinese label with full-width punctuation; an English label as it is."""
    return label.translate(_FULL_WIDTH) if language == "zh" else label


def pages_text(place: SourceSpan) -> str:
    """The pages of a part of a source that has pages."""
    first, last = place.first_page, place.last_page
    if last in (None, first):
        return str(gettext("第 %(page)s 页", page=first))
    return str(gettext("第 %(first)s–%(last)s 页", first=first, last=last))


def section_label(code: str, language: Language) -> str:
    return full_width(vocabulary.section_label(code, language), language)


def form_label(code: str, language: Language) -> str:
    return full_width(vocabulary.form_label(code, language), language)


def table_label(table: str, language: Language) -> str:
    return full_width(vocabulary.table_label(table, language), language)


def row_label(form: str | None, table: str, row: str, language: Language) -> str:
    """The name of a row; a row without a rule has the printed label at the end of its code."""
    label = vocabulary.row_label(form, table, row, language)
    return label if label == row.rpartition(".")[2] else full_width(label, language)


def column_label(form: str | None, table: str, column: str | None, language: Language) -> str:
    """The name of a column, or an empty text."""
    return full_width(vocabulary.column_label(form, table, column, language), language)


def kind_name(kind: str) -> str:
    """The kind of a suggestion: the title of its field, or exact text."""
    if kind in FIELDS:
        return FIELDS[kind].title(language())
    return str(gettext("年度报告") if kind == "report" else gettext("原文"))


def tolerance_name(tolerance: Tolerance) -> str:
    """The difference between an input and the name of an agency."""
    zh, en = TOLERANCE_NAMES[tolerance]
    return zh if language() == "zh" else en


def notice_name(code: str) -> str:
    """The short name of a notice."""
    return str(NOTICES.get(code, code))
