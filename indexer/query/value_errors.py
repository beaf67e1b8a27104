"""What can be wrong with a field, a condition or an option of a query, as a sentence with what to type instead."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from indexer.query.fields import FIELDS, Field, field_names
from indexer.query.query_errors import FilterError, QueryError


def unknown_field(position: int, name: str) -> QueryError:
    """Something before a colon that is no field."""
    near = difflib.get_close_matches(name.lower(), field_names(), n=1, cutoff=0.5)
    zh = f"是不是 {near[0]}: ？" if near else f"可用的字段：{'、'.join(field_names())}。"
    en = f"Did you mean {near[0]}: ?" if near else f"There are: {', '.join(field_names())}."
    return QueryError(
        position,
        f"没有叫“{name}”的字段。{zh}要查带冒号的原文，请加引号。",
        f"there is no field “{name}”. {en} To search for text with a colon, use quotation marks.",
    )


def unknown_filter(name: str) -> FilterError:
    """A filter by something that is no field."""
    names = ", ".join(FIELDS)
    return FilterError(name, f"没有这个字段。可用的字段：{names}。", f"there is no such field. There are: {names}.")


def missing_value(position: int, name: str) -> QueryError:
    """A field with nothing after its colon."""
    return QueryError(
        position,
        f"{name}: 后面要有一个词或带引号的短语，如 {name}:某值。每个值都要写上字段名。",
        f"{name}: needs one word or a quoted phrase after it, as in {name}:value. Repeat the field for each value.",
    )


def bad_year(position: int, value: str) -> QueryError:
    """A year that is none."""
    return QueryError(
        position,
        f"“{value}”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
        f"“{value}” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
    )


def reversed_years(position: int, first: int, last: int) -> QueryError:
    """A range that ends before it begins."""
    return QueryError(
        position,
        f"年份范围先后颠倒。请写 {last}..{first}。",
        f"this range ends before it begins. Write {last}..{first}.",
    )


def unknown_code(position: int, field: Field, value: str) -> QueryError:
    """A section or form that there is not."""
    codes = field.nearest(value)
    lead_zh, lead_en = ("是不是：", "Did you mean:") if codes else ("可用的有：", "There are:")
    codes = codes or list(field.codes() if field.codes else ())
    zh = "、".join(f"{code}（{field.value_label(code, 'zh')}）" for code in codes)
    en = ", ".join(f"{code} ({field.value_label(code, 'en')})" for code in codes)
    return QueryError(
        position,
        f"没有“{value}”这个{field.zh}。{lead_zh}{zh}。",
        f"there is no {field.en.lower()} “{value}”. {lead_en} {en}.",
    )


def unknown_figure(position: int, name: str, known: Collection[str]) -> QueryError:
    """A condition on a figure that no form has."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    zh = f"是不是：{'、'.join(near)}？" if near else "数字写作 表.行.列，如 requests.new.total、prose.disclosed。"
    en = f"Did you mean: {', '.join(near)}?" if near else "A figure is table.row.column, as in requests.new.total."
    return QueryError(
        position,
        f"没有叫“{name}”的数字。{zh}要查原文，请加引号。",
        f"there is no figure “{name}”. {en} To search for it as text, use quotation marks.",
    )


def bad_number(position: int, name: str, written: str) -> QueryError:
    """A condition that does not compare with a number."""
    return QueryError(
        position,
        f"“{written}”不是数。请写成 {name}>10，比较号有 = > >= < <=。",
        f"“{written}” is no number. Write {name}>10; comparisons are = > >= < <=.",
    )


def no_comparison(position: int, name: str) -> QueryError:
    """A figure that is not compared with anything."""
    return QueryError(
        position,
        f"{name} 后面要有比较，如 {name}>10。要查原文，请加引号。",
        f"{name} needs a comparison, as in {name}>10. To search for it as text, use quotation marks.",
    )


def unknown_option(position: int, name: str, value: str, known: Sequence[str]) -> QueryError:
    """An option of a query with a value that it does not have."""
    listed = [f"{name}:{each}" for each in known]
    return QueryError(
        position,
        f"没有 {name}:{value}。可用的有：{'、'.join(listed)}。",
        f"there is no {name}:{value}. There are: {', '.join(listed)}.",
    )


def option_inside(position: int, written: str) -> QueryError:
    """An option under OR, NOT or NEAR, though it holds for the whole query."""
    return QueryError(
        position,
        f"{written} 管整个检索式，不能放在 OR、NOT 里面。请写成 (甲 OR 乙) {written}。",
        f"{written} is about the whole query and cannot stand under OR or NOT. Write (A OR B) {written}.",
    )


def option_twice(position: int, name: str) -> QueryError:
    """An option given twice."""
    return QueryError(position, f"{name}: 只能写一次。请去掉一个。", f"{name}: can be given once. Leave one out.")
