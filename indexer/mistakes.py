"""What can be wrong with a query, as a sentence with the position and what to type instead."""

from __future__ import annotations

import difflib

from archive import GongkaiError
from indexer.fields import FIELDS, Field, field_names

LONGEST = 10_000
"""Characters that a query may have."""
DEEPEST = 100
"""Levels of brackets and NOTs that a query may have."""

_PARTNERS = {'"': '"', "“": "”", "「": "」", "『": "』", "‘": "’", "＂": "＂"}


class QueryError(GongkaiError):
    """A query that cannot be read. `position` counts code points from 0."""

    exit_code = 2

    def __init__(self, position: int, zh: str, en: str) -> None:
        super().__init__(f"检索式第 {position + 1} 个字:{zh}", f"Query, character {position + 1}: {en}")
        self.position = position
        self._sentences = zh, en

    def at(self, position: int) -> QueryError:
        """The same mistake at another position."""
        return QueryError(position, *self._sentences)

    def in_filter(self, name: str) -> FilterError:
        """The same mistake in a filter given beside the query."""
        return FilterError(name, *self._sentences)


class FilterError(QueryError):
    """A filter beside the query (an option, a part of an address) that cannot be read."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(0, zh, en)
        self.zh, self.en = f"筛选条件 {name}:{zh}", f"Filter {name}: {en}"


def unbalanced_quotation(position: int, mark: str) -> QueryError:
    """A quotation mark without its partner."""
    if partner := _PARTNERS.get(mark):
        return QueryError(
            position,
            f"引号 {mark} 没有配对。请在短语末尾补上 {partner};要查引号本身,请写 \\{mark} 并放在引号里。",
            f"the quotation mark {mark} is not closed. Close the phrase with {partner}; "
            f"to search for the mark itself, write \\{mark} inside quotation marks.",
        )
    opening = next(opening for opening, closing in _PARTNERS.items() if closing == mark)
    return QueryError(
        position,
        f"引号 {mark} 前面没有 {opening}。请在短语开头补上 {opening},或去掉它。",
        f"the quotation mark {mark} has no {opening} before it. Open the phrase with {opening}, or leave it out.",
    )


def unclosed_bracket(position: int) -> QueryError:
    """An opening bracket without its partner."""
    return QueryError(
        position,
        "括号没有配对。请补上 )。要查括号本身,请把它放在引号里。",
        "this bracket is not closed. Add a ). To search for the bracket itself, put it in quotation marks.",
    )


def unopened_bracket(position: int) -> QueryError:
    """A closing bracket without its partner."""
    return QueryError(
        position,
        "括号没有配对:前面没有 (。请补上 (,或去掉它。要查括号本身,请把它放在引号里。",
        "this bracket has no ( before it. Add one, or leave it out. "
        "To search for the bracket itself, put it in quotation marks.",
    )


def empty_brackets(position: int) -> QueryError:
    """Brackets with nothing between them."""
    return QueryError(
        position, "括号里没有内容。请写上检索词,或去掉括号。", "the brackets are empty. Fill them, or leave them out."
    )


def empty_phrase(position: int) -> QueryError:
    """Quotation marks with nothing between them."""
    return QueryError(
        position,
        "引号里没有内容。请写上要查的原文,或去掉引号。",
        "the quotation marks are empty. Put the words to find between them, or leave them out.",
    )


def dangling_operator(position: int, operator: str) -> QueryError:
    """OR, AND, NOT or - without what it works on."""
    if operator in ("OR", "AND"):
        zh, en = f"{operator} 的两边都要有检索词", f"{operator} needs something on both sides"
    else:
        zh, en = f"{operator} 后面要有检索词", f"{operator} needs something after it"
    if operator in ("-", "－"):
        remedy, remede = '排除某词请写 -微博,中间不空格;要查横线本身,请写 "-"', "To exclude a word, write -微博 "
        remede += 'without a blank; to search for a dash, write "-"'
    else:
        remedy, remede = (
            f"要查这个词本身,请用小写 {operator.lower()}",
            f"To search for the word, write {operator.lower()}",
        )
    return QueryError(position, f"{zh}。{remedy}。", f"{en}. {remede}.")


def glued_operator(position: int, operator: str) -> QueryError:
    """An operator written into a word (微博OR微信)."""
    return QueryError(
        position,
        f"{operator} 的两边要有空格,如:微博 {operator} 微信。要查原文里的 {operator},请加引号。",
        f"put blanks around {operator}, as in 微博 {operator} 微信. "
        f"To search for {operator} as it stands in the text, use quotation marks.",
    )


def unknown_field(position: int, name: str) -> QueryError:
    """Something before a colon that is no field."""
    near = difflib.get_close_matches(name.lower(), field_names(), n=1, cutoff=0.5)
    zh = f"是不是 {near[0]}: ?" if near else f"可用的字段:{'、'.join(field_names())}。"
    en = f"Did you mean {near[0]}: ?" if near else f"There are: {', '.join(field_names())}."
    return QueryError(
        position,
        f"没有叫“{name}”的字段。{zh}要查带冒号的原文,请加引号。",
        f"there is no field “{name}”. {en} To search for text with a colon, use quotation marks.",
    )


def unknown_filter(name: str) -> FilterError:
    """A filter by something that is no field."""
    names = ", ".join(FIELDS)
    return FilterError(name, f"没有这个字段。可用的字段:{names}。", f"there is no such field. There are: {names}.")


def missing_value(position: int, name: str) -> QueryError:
    """A field with nothing after its colon."""
    return QueryError(
        position,
        f"{name}: 后面要有一个词或带引号的短语,如 {name}:某值。每个值都要写上字段名。",
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
    lead_zh, lead_en = ("是不是:", "Did you mean:") if codes else ("可用的有:", "There are:")
    codes = codes or list(field.codes() if field.codes else ())
    zh = "、".join(f"{code}({field.value_label(code, 'zh')})" for code in codes)
    en = ", ".join(f"{code} ({field.value_label(code, 'en')})" for code in codes)
    return QueryError(
        position,
        f"没有“{value}”这个{field.zh}。{lead_zh}{zh}。",
        f"there is no {field.en.lower()} “{value}”. {lead_en} {en}.",
    )


def not_yet(position: int, written: str) -> QueryError:
    """Something of the language that no engine answers yet."""
    return QueryError(
        position,
        f"暂不支持 {written}。要查原文里的这几个字,请加引号。",
        f"{written} is not supported yet. To search for it as it stands in the text, use quotation marks.",
    )


def gap_not_yet(position: int, mark: str) -> QueryError:
    """A gap (* or ?) in a phrase or a word."""
    return QueryError(
        position,
        f"暂不支持用 {mark} 代替任意文字。要查 {mark} 本身,请写 \\{mark} 并放在引号里。",
        f"{mark} for any text is not supported yet. To search for {mark} itself, write \\{mark} in quotation marks.",
    )


def too_long(length: int) -> QueryError:
    """A query of more characters than `LONGEST`."""
    return QueryError(
        LONGEST,
        f"检索式有 {length:,} 个字,最多 {LONGEST:,} 个。请缩短或分几次检索。",
        f"the query has {length:,} characters, {LONGEST:,} are allowed. Shorten it, or ask in several steps.",
    )


def too_deep() -> QueryError:
    """A query of more levels than `DEEPEST`."""
    return QueryError(
        0,
        f"括号和 NOT 嵌套超过 {DEEPEST} 层。请去掉多余的括号。",
        f"brackets and NOTs are nested more than {DEEPEST} deep. Leave out those that are not needed.",
    )


def broken_character(position: int) -> QueryError:
    """Half of a character, as a terminal with another encoding sends it."""
    return QueryError(
        position,
        "这里的字符不完整,多半是编码不对。请用 UTF-8 输入。",
        "this character is incomplete, most likely by a wrong encoding. Type the query in UTF-8.",
    )
