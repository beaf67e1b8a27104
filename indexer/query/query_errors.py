"""What can be wrong with a query, as a sentence with the position and what to type instead."""

from __future__ import annotations

import re

from archive.errors import InvalidRequest
from archive.text.normalize import normal_form
from indexer.query.ast import GAPS

LONGEST = 10_000
"""Characters that a query may have."""
DEEPEST = 100
"""Levels of brackets and NOTs that a query may have."""

_PARTNERS = {'"': '"', "“": "”", "「": "」", "『": "』", "‘": "’", "＂": "＂"}


class QueryError(InvalidRequest):
    """A query that cannot be read. `position` counts code points from 0."""

    def __init__(self, position: int, zh: str, en: str) -> None:
        super().__init__(f"检索式第 {position + 1} 个字：{zh}", f"Query, character {position + 1}: {en}")
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
        self.zh, self.en = f"筛选条件 {name}：{zh}", f"Filter {name}: {en}"


def unbalanced_quotation(position: int, mark: str) -> QueryError:
    """A quotation mark without its partner."""
    if partner := _PARTNERS.get(mark):
        return QueryError(
            position,
            f"引号 {mark} 没有配对。请在短语末尾补上 {partner}；要查引号本身，请写 \\{mark} 并放在引号里。",
            f"the quotation mark {mark} is not closed. Close the phrase with {partner}; "
            f"to search for the mark itself, write \\{mark} inside quotation marks.",
        )
    opening = next(opening for opening, closing in _PARTNERS.items() if closing == mark)
    return QueryError(
        position,
        f"引号 {mark} 前面没有 {opening}。请在短语开头补上 {opening}，或去掉它。",
        f"the quotation mark {mark} has no {opening} before it. Open the phrase with {opening}, or leave it out.",
    )


def unclosed_bracket(position: int) -> QueryError:
    """An opening bracket without its partner."""
    return QueryError(
        position,
        "括号没有配对。请补上 )。要查括号本身，请把它放在引号里。",
        "this bracket is not closed. Add a ). To search for the bracket itself, put it in quotation marks.",
    )


def unopened_bracket(position: int) -> QueryError:
    """A closing bracket without its partner."""
    return QueryError(
        position,
        "括号没有配对：前面没有 (。请补上 (，或去掉它。要查括号本身，请把它放在引号里。",
        "this bracket has no ( before it. Add one, or leave it out. "
        "To search for the bracket itself, put it in quotation marks.",
    )


def empty_brackets(position: int) -> QueryError:
    """Brackets with nothing between them."""
    return QueryError(
        position, "括号里没有内容。请写上检索词，或去掉括号。", "the brackets are empty. Fill them, or leave them out."
    )


def empty_phrase(position: int) -> QueryError:
    """Quotation marks with nothing between them."""
    return QueryError(
        position,
        "引号里没有内容。请写上要查的原文，或去掉引号。",
        "the quotation marks are empty. Put the words to find between them, or leave them out.",
    )


def dangling_operator(position: int, operator: str) -> QueryError:
    """OR, AND, NOT, NEAR or - without what it works on."""
    word = normal_form(operator)
    if word.startswith(("or", "and", "near")):
        zh, en = f"{operator} 的两边都要有检索词", f"{operator} needs something on both sides"
    else:
        zh, en = f"{operator} 后面要有检索词", f"{operator} needs something after it"
    if operator in ("-", "－"):
        remedy, remede = '排除某词请写 -微博，中间不空格；要查横线本身，请写 "-"', "To exclude a word, write -微博 "
        remede += 'without a blank; to search for a dash, write "-"'
    else:
        remedy, remede = (
            f"要查这个词本身，请用小写 {word}",
            f"To search for the word, write {word}",
        )
    return QueryError(position, f"{zh}。{remedy}。", f"{en}. {remede}.")


def glued_operator(position: int, operator: str) -> QueryError:
    """An operator written into a word (微博OR微信)."""
    return QueryError(
        position,
        f"{operator} 的两边要有空格，如：微博 {operator} 微信。要查原文里的 {operator}，请加引号。",
        f"put blanks around {operator}, as in 微博 {operator} 微信. "
        f"To search for {operator} as it stands in the text, use quotation marks.",
    )


def too_long(length: int) -> QueryError:
    """A query of more characters than `LONGEST`."""
    return QueryError(
        LONGEST,
        f"检索式有 {length:,} 个字，最多 {LONGEST:,} 个。请缩短或分几次检索。",
        f"the query has {length:,} characters, {LONGEST:,} are allowed. Shorten it, or ask in several steps.",
    )


def nothing_visible(position: int) -> QueryError:
    """A query of nothing but zero-width and control characters, which cleaning takes out of texts and queries."""
    return QueryError(
        position,
        "这里只有看不见的字符（控制字符、零宽字符），报告的文字里也不保留它们。请写上检索词；什么也不写就是全部内容。",
        "there are only invisible characters (control or zero-width ones), which are kept in no report either. "
        "Type what to find; an empty query finds everything.",
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
        "这里的字符不完整，多半是编码不对。请用 UTF-8 输入。",
        "this character is incomplete, most likely by a wrong encoding. Type the query in UTF-8.",
    )


def gap_outside_quotation(position: int, mark: str, text: str) -> QueryError:
    """A gap (* or ?) in a plain string."""
    # '*收到*申请**': a phrase neither begins nor ends with a gap of any width; in '50\*' a backslash makes it none
    inside = re.sub(r"^\*+|(?<!\\)\*+$", "", text)
    suggestion = f'"{inside}"' if inside.strip("*?") else '"收到*申请"'
    return QueryError(
        position,
        f"{mark} 只在引号里代替文字，请写 {suggestion}。要查 {mark} 本身，请写 \\{mark} 并放在引号里。",
        f"{mark} stands for other characters only inside quotation marks: write {suggestion}. "
        f"To search for {mark} itself, write \\{mark} in quotation marks.",
    )


def gap_in_value(position: int, mark: str) -> QueryError:
    """A gap in the value of a field or in a whole word."""
    return QueryError(
        position,
        f"{mark} 不能用在字段的值里。{mark} 本身请写 \\{mark} 并放在引号里。",
        f"{mark} cannot stand in the value of a field. For {mark} itself, write \\{mark} in quotation marks.",
    )


def gap_at_edge(position: int, mark: str) -> QueryError:
    """A gap of any width at the beginning or end of a phrase, or a phrase of nothing but gaps."""
    most = GAPS["*"][1]
    return QueryError(
        position,
        f'{mark} 的两边都要有文字，如 "收到*申请"（{mark} 代替至多 {most} 个字）。请去掉它，或补上另一边。',
        f'{mark} needs text on both sides, as in "收到*申请" (it stands for at most {most} characters). '
        "Leave it out, or add the other side.",
    )


def near_without_distance(position: int, written: str) -> QueryError:
    """NEAR without a number of characters, or with one too large."""
    return QueryError(
        position,
        f"{written} 要写明相距至多几个字（0—9999），如：微博 NEAR/30 微信。要查 NEAR 本身，请加引号。",
        f"{written} needs the number of characters between the two (0–9999), as in 微博 NEAR/30 微信. "
        "To search for NEAR itself, use quotation marks.",
    )


def near_operand(position: int, operator: str) -> QueryError:
    """NEAR beside something that has no place in the text."""
    return QueryError(
        position,
        f"{operator} 的两边只能是词、带引号的短语、word:，或放在括号里用 OR 连接的这几种。",
        f"beside {operator} only words, quoted phrases and word: can stand, or these joined by OR in brackets.",
    )


def near_chain(position: int, operator: str) -> QueryError:
    """A second NEAR behind a first one."""
    return QueryError(
        position,
        f"{operator} 一次只比较两处。请写成 甲 {operator} 乙 AND 乙 {operator} 丙。",
        f"{operator} compares two places at a time. Write A {operator} B AND B {operator} C.",
    )
