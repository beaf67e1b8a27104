"""Explains in words how a query is interpreted; shown above every answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.agencies.regions import doubtful_places
from archive.errors import Language
from archive.model import Agency
from archive.text.normalize import normal_form
from indexer.query.ast import (
    GAPS,
    And,
    Condition,
    Exact,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Text,
    Unit,
    Where,
    Word,
    YearRange,
    scope_of,
    walk,
)
from indexer.query.conditions import figure_label
from indexer.query.fields import FIELDS, UNDATED
from indexer.query.values import values_meant
from indexer.text.tokenizer import Tokenizer

_NAMED = 3
"""Agencies or places that are listed by name."""

_WITHIN: Mapping[tuple[Unit, Where], tuple[str, str]] = {
    ("section", "text"): ("同一章节正文中", "Sections with"),
    ("section", "tables"): ("同一章节表格中", "Sections with, in their tables"),
    ("section", "all"): ("同一章节正文和表格中", "Sections with, in text or tables"),
    ("report", "text"): ("同一份报告正文中", "Reports with"),
    ("report", "tables"): ("同一份报告表格中", "Reports with, in their tables"),
    ("report", "all"): ("同一份报告正文和表格中", "Reports with, in text or tables"),
}


@dataclass(frozen=True, slots=True)
class Explainer:
    """Puts trees into words.

    `values` are those that the archive has in each field. A sentence states that a value is not among them: the 0 of a
    misspelt name must not be cited.
    """

    language: Language
    words: Tokenizer
    agencies: Mapping[str, Agency]
    values: Mapping[str, Collection[int | str | None]]

    def sentence(self, tree: Query, limits: Mapping[str, tuple[Query, ...]]) -> str:
        """Explains a query and the filters beside it, whose values are alternatives."""
        text, scope = self._explain(tree), scope_of(tree)
        if any(isinstance(node, Text) for node, _ in walk(tree)):
            zh, en = _WITHIN[scope.unit, scope.where]
            text = self._choose(f"{zh}：{text}", f"{en}: {text}")
        elif scope.unit == "report":
            text = self._choose(f"整份报告：{text}", f"Reports with: {text}")
        if not limits:
            return text
        either = self._choose(" 或 ", " or ").join
        filters = self._choose("；", "; ").join(either(map(self._explain, parts)) for parts in limits.values())
        return self._choose(f"{text}。筛选：{filters}", f"{text}. Filters: {filters}")

    def _choose(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def _explain(self, tree: Query) -> str:
        match tree:
            case MatchAll():
                return self._choose("全部内容", "everything")
            case Term(text):
                return self._term(text)
            case Phrase(text):
                return self._choose(f"原文含“{text}”", f"exactly “{text}”")
            case Word(text):
                return self._choose(f"含整词“{text}”", f"the whole word “{text}”")
            case Gapped():
                return self._gapped(tree)
            case Near(left, distance, right):
                one, other = self._operands(left), self._operands(right)
                return self._choose(
                    f"{one}与{other}相距至多 {distance} 字", f"{one} within {distance} characters of {other}"
                )
            case YearRange() | In():
                return self._field(tree)
            case Condition(figure, operator, number):
                stated = f"“{figure_label(figure, self.language)}” {operator} {number:f}"
                return self._choose(f"报告的数字{stated}", f"the report states {stated}")
            case And(parts):
                return self._choose("，并且", ", and ").join(map(self._bracketed, parts))
            case Or(parts):
                return self._choose("，或者", ", or ").join(map(self._bracketed, parts))
            case Not(part):
                return self._negated(part)
            case Scope(part):
                return self._explain(part)

    def _bracketed(self, tree: Query) -> str:
        text = self._explain(tree)
        return self._choose(f"（{text}）", f"({text})") if isinstance(tree, And | Or) else text

    def _negated(self, tree: Query) -> str:
        text = self._explain(tree)
        if isinstance(tree, Exact) or (isinstance(tree, Term) and self._is_one_word(tree.text)):
            return self._choose(text.replace("含", "不含", 1), f"not {text}")
        return self._choose(f"不是（{text}）", f"not ({text})")

    def _term(self, text: str) -> str:
        if self._is_one_word(text):
            return self._choose(f"含“{text}”", f"“{text}”")
        words = self.words.words(normal_form(text))
        return self._choose(
            f"含“{text}”，或含其全部分词（{'、'.join(words)}；没有完整词串时按分词计数）",
            f"“{text}” as a phrase, or all of its words ({', '.join(words)}; counted as words without the phrase)",
        )

    def _is_one_word(self, text: str) -> bool:
        form = normal_form(text)
        return self.words.words(form) in ([], [form])

    def _gapped(self, phrase: Gapped) -> str:
        text, most = str(phrase)[1:-1], GAPS["*"][1]
        marks = {
            "*": (f"* 至多 {most} 字", f"* is at most {most} characters"),
            "?": ("? 恰好一字", "? is one character"),
        }
        used = [names for mark, names in marks.items() if any(mark in gap for gap in phrase.gaps)]
        return self._choose(
            f"原文含“{text}”（{'，'.join(zh for zh, _ in used)}）",
            f"exactly “{text}” ({', '.join(en for _, en in used)})",
        )

    def _operands(self, side: tuple[Exact, ...]) -> str:
        names = [str(part) if isinstance(part, Gapped | Word) else f"“{part.text}”" for part in side]
        return self._choose(" 或 ", " or ").join(names)

    def _years(self, years: YearRange) -> str:
        first, last = years.first, years.last
        if first == last:
            return self._choose(f"{first} 年", f"year {first}")
        if first is None:
            return self._choose(f"{last} 年及以前", f"years to {last}")
        if last is None:
            return self._choose(f"{first} 年及以后", f"years from {first}")
        return self._choose(f"{first}—{last} 年", f"years {first}–{last}")

    def _field(self, node: YearRange | In) -> str:
        """A field and its value, with the agencies or places that it means, or that there is no such value."""
        text, meant = self._value(node), values_meant(node, self.values.get(node.name, ()), self.agencies)
        if not meant:
            field = FIELDS[node.name]
            note = self._choose(f"档案中没有这样的{field.zh}", f"the archive has no such {field.en.lower()}")
        elif node.name == "agency":
            note = self._first([self.agencies[str(id_)].name for id_ in meant])
        elif node.name == "place":
            labels = self._place_labels(map(str, meant))
            if len(labels) == 1 and labels != [*map(str, meant)]:  # the label says it all
                return text
            note = self._first(labels)
        else:
            return text
        if isinstance(node, In) and node.name == "place":
            note += self._doubtful(node.value)
        return self._choose(f"{text}（{note}）", f"{text} ({note})")

    def _doubtful(self, place: str) -> str:
        """The places that may be in a region, and are not counted as part of it."""
        doubtful = doubtful_places([*map(str, self.values.get("place", ()))], place)
        names = self._first(self._place_labels(doubtful))
        return self._choose(f"；不含{names}", f"; without {names}") if doubtful else ""

    def _place_labels(self, places: Iterable[str]) -> list[str]:
        return [FIELDS["place"].value_label(place, self.language) for place in places]

    def _value(self, node: YearRange | In) -> str:
        if isinstance(node, YearRange):
            return self._years(node)
        if node == In("year", UNDATED):
            return self._choose("年份不明", "undated")
        field = FIELDS[node.name]
        label = field.value_label(node.value, self.language)
        return self._choose(f"{field.zh}“{label}”", f"{field.en.lower()} “{label}”")

    def _first(self, names: Sequence[str]) -> str:
        listed, more = self._choose("、", ", ").join(names[:_NAMED]), len(names) - _NAMED
        return listed + self._choose(f" 等 {len(names)} 个", f" and {more} more") if more > 0 else listed
