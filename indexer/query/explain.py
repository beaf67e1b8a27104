"""How a query was understood, in words: printed above every answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
from indexer.query.region_values import doubtful_places
from indexer.query.values import values_meant
from indexer.text.tokenizer import Tokenizer

_NAMED = 3
"""Agencies or places that are listed by name."""

_LOOKED_AT: Mapping[tuple[Unit, Where], tuple[str, str]] = {
    ("section", "text"): ("同一部分正文中", "Within one section"),
    ("section", "tables"): ("同一部分表格中", "Within the tables of one section"),
    ("section", "all"): ("同一部分正文和表格中", "Within text and tables of one section"),
    ("report", "text"): ("同一份报告正文中", "Within one report"),
    ("report", "tables"): ("同一份报告表格中", "Within the tables of one report"),
    ("report", "all"): ("同一份报告正文和表格中", "Within text and tables of one report"),
}


class Reader:
    """Puts trees into words, in one language.

    `held` are the values that an archive has in each field: a name that it does not have finds nothing, and a reading
    says so, so that nobody cites the 0 of a misspelt name.
    """

    def __init__(
        self,
        language: Language,
        words: Tokenizer,
        agencies: Mapping[str, Agency],
        held: Mapping[str, Collection[int | str | None]],
    ) -> None:
        self._zh = language == "zh"
        self._language = language
        self._words = words
        self._agencies = agencies
        self._held = held

    def sentence(self, tree: Query, limits: Mapping[str, tuple[Query, ...]]) -> str:
        """The query, and the filters beside it (values of one are alternatives), as a sentence."""
        said = self._say(tree)
        if any(isinstance(node, Text) for node, _ in walk(tree)):
            zh, en = _LOOKED_AT[scope_of(tree).unit, scope_of(tree).where]
            said = f"{zh}：{said}" if self._zh else f"{en}: {said}"
        elif scope_of(tree).unit == "report":
            said = f"整份报告：{said}" if self._zh else f"Whole reports: {said}"
        if not limits:
            return said
        kept = (" 或 " if self._zh else " or ").join
        filters = ("；" if self._zh else "; ").join(kept(map(self._say, parts)) for parts in limits.values())
        return f"{said}。筛选：{filters}" if self._zh else f"{said}. Filters: {filters}"

    def _say(self, tree: Query) -> str:
        match tree:
            case MatchAll():
                return "全部内容" if self._zh else "everything"
            case Term(text):
                return self._term(text)
            case Phrase(text):
                return f"原文有“{text}”" if self._zh else f"the text has exactly “{text}”"
            case Word(text):
                return f"有整词“{text}”" if self._zh else f"has the whole word “{text}”"
            case Gapped():
                return self._gapped(tree)
            case Near(left, distance, right):
                one, other = (self._operands(side) for side in (left, right))
                return (
                    f"{one}与{other}相距至多 {distance} 字"
                    if self._zh
                    else f"{one} within {distance} characters of {other}"
                )
            case YearRange() | In():
                return self._field(tree)
            case Condition(figure, operator, number):
                label = figure_label(figure, self._language)
                return (
                    f"报告的数字“{label}” {operator} {number:f}"
                    if self._zh
                    else f"the report states “{label}” {operator} {number:f}"
                )
            case And(parts):
                return ("，并且" if self._zh else ", and ").join(map(self._inside, parts))
            case Or(parts):
                return ("，或者" if self._zh else ", or ").join(map(self._inside, parts))
            case Not(part):
                return self._without(part)
            case Scope(part):
                return self._say(part)

    def _inside(self, tree: Query) -> str:
        if not isinstance(tree, And | Or):
            return self._say(tree)
        return f"（{self._say(tree)}）" if self._zh else f"({self._say(tree)})"

    def _without(self, tree: Query) -> str:
        """What must not be so: of a word or phrase, that it does not stand there."""
        said = self._say(tree)
        if isinstance(tree, Exact) or (isinstance(tree, Term) and self._is_one_word(tree.text)):
            return said.replace("有", "没有", 1) if self._zh else said.replace("has", "does not have", 1)
        return f"不是（{said}）" if self._zh else f"not ({said})"

    def _term(self, text: str) -> str:
        if self._is_one_word(text):
            return f"有“{text}”" if self._zh else f"has “{text}”"
        words = self._words.words(normal_form(text))
        if self._zh:
            return f"有“{text}”整串，或有其全部词（{'、'.join(words)}；无整串处按词计次）"
        return f"has “{text}” as a whole, or each of its words ({', '.join(words)}; counted where the whole is not)"

    def _is_one_word(self, text: str) -> bool:
        """Whether there is nothing in it but itself."""
        form = normal_form(text)
        return self._words.words(form) in ([], [form])

    def _gapped(self, phrase: Gapped) -> str:
        shown, most = str(phrase)[1:-1], GAPS["*"][1]
        explained = [(f"* 至多 {most} 字", f"* is at most {most} characters"), ("? 恰好一字", "? is one character")]
        used = [words for mark, words in zip("*?", explained, strict=True) if any(mark in gap for gap in phrase.gaps)]
        if self._zh:
            return f"原文有“{shown}”（{'，'.join(zh for zh, _ in used)}）"
        return f"the text has exactly “{shown}” ({', '.join(en for _, en in used)})"

    def _operands(self, side: tuple[Exact, ...]) -> str:
        shown = [str(part) if isinstance(part, Gapped | Word) else f"“{part.text}”" for part in side]
        return (" 或 " if self._zh else " or ").join(shown)

    def _years(self, years: YearRange) -> str:
        first, last = years.first, years.last
        if first == last:
            return f"{first} 年" if self._zh else f"year {first}"
        if first is None:
            return f"{last} 年及以前" if self._zh else f"years to {last}"
        if last is None:
            return f"{first} 年及以后" if self._zh else f"years from {first}"
        return f"{first}—{last} 年" if self._zh else f"years {first}–{last}"

    def _field(self, asked: YearRange | In) -> str:
        """A field and its value, with what was found where that was looked up, or that there is no such value."""
        said, meant = self._value(asked), values_meant(asked, self._held.get(asked.name, ()), self._agencies)
        if not meant:
            field = FIELDS[asked.name]
            note = f"档案中没有这样的{field.zh}" if self._zh else f"the archive has no such {field.en.lower()}"
        elif asked.name == "agency":
            note = self._named([self._agencies[str(id_)].name for id_ in meant])
        elif asked.name == "place":
            named = [FIELDS["place"].value_label(str(place), self._language) for place in meant]
            if named != [*map(str, meant)] and len(named) == 1:  # a label that says it all
                return said
            note = self._named(named)
        else:
            return said
        if isinstance(asked, In) and asked.name == "place":
            note += self._doubtful(asked.value)
        return f"{said}（{note}）" if self._zh else f"{said} ({note})"

    def _doubtful(self, asked: str) -> str:
        """The places that may lie in a region, and are not counted as its own."""
        doubtful = doubtful_places([str(value) for value in self._held.get("place", ())], asked)
        if not doubtful:
            return ""
        named = self._named([FIELDS["place"].value_label(place, self._language) for place in doubtful])
        return f"；不含{named}" if self._zh else f"; without {named}"

    def _value(self, asked: YearRange | In) -> str:
        if isinstance(asked, YearRange):
            return self._years(asked)
        if asked == In("year", UNDATED):
            return "年份不明" if self._zh else "undated"
        field = FIELDS[asked.name]
        label = field.value_label(asked.value, self._language)
        return f"{field.zh}“{label}”" if self._zh else f"{field.en.lower()} “{label}”"

    def _named(self, named: Sequence[str]) -> str:
        """Names that were found, the first few of them."""
        listed = ("、" if self._zh else ", ").join(named[:_NAMED])
        if len(named) > _NAMED:
            listed += f" 等 {len(named)} 个" if self._zh else f" and {len(named) - _NAMED} more"
        return listed
