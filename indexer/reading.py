"""How a query was understood, in words: printed above every answer."""

from __future__ import annotations

from collections.abc import Mapping

from archive import Agency, Language, normal_form
from indexer.agencies import meant
from indexer.fields import FIELDS, UNDATED
from indexer.tree import And, Everything, In, Not, Or, Phrase, Query, Term, Text, Word, Years, walk
from indexer.words import Words

_NAMED = 3
"""Agencies that are listed by name."""


class Reader:
    """Puts trees into words, in one language."""

    def __init__(self, language: Language, words: Words, agencies: Mapping[str, Agency]) -> None:
        self._zh = language == "zh"
        self._language = language
        self._words = words
        self._agencies = agencies

    def sentence(self, tree: Query, limits: Mapping[str, tuple[Query, ...]]) -> str:
        """The query, and the filters beside it (values of one are alternatives), as a sentence."""
        said = self._say(tree)
        if any(isinstance(node, Text) for node, _ in walk(tree)):
            said = f"同一部分正文中:{said}" if self._zh else f"Within one section: {said}"
        if not limits:
            return said
        kept = (" 或 " if self._zh else " or ").join
        filters = (";" if self._zh else "; ").join(kept(map(self._say, parts)) for parts in limits.values())
        return f"{said}。筛选:{filters}" if self._zh else f"{said}. Filters: {filters}"

    def _say(self, tree: Query) -> str:
        match tree:
            case Everything():
                return "全部内容" if self._zh else "everything"
            case Term(text):
                return self._term(text)
            case Phrase(text):
                return f"原文有“{text}”" if self._zh else f"the text has exactly “{text}”"
            case Word(text):
                return f"有整词“{text}”" if self._zh else f"has the whole word “{text}”"
            case Years():
                return self._years(tree)
            case In():
                return self._field(tree)
            case And(parts):
                return (",并且" if self._zh else ", and ").join(map(self._inside, parts))
            case Or(parts):
                return (",或者" if self._zh else ", or ").join(map(self._inside, parts))
            case Not(part):
                return f"不是({self._say(part)})" if self._zh else f"not ({self._say(part)})"

    def _inside(self, tree: Query) -> str:
        return f"({self._say(tree)})" if isinstance(tree, And | Or) else self._say(tree)

    def _term(self, text: str) -> str:
        form = normal_form(text)
        words = self._words.words(form)
        if not words or words == [form]:
            return f"有“{text}”" if self._zh else f"has “{text}”"
        if self._zh:
            return f"有“{text}”整串,或有其全部词({'、'.join(words)};无整串处按词计次)"
        return f"has “{text}” as a whole, or each of its words ({', '.join(words)}; counted where the whole is not)"

    def _years(self, years: Years) -> str:
        first, last = years.first, years.last
        if first == last:
            return f"{first} 年" if self._zh else f"year {first}"
        if first is None:
            return f"{last} 年及以前" if self._zh else f"years to {last}"
        if last is None:
            return f"{first} 年及以后" if self._zh else f"years from {first}"
        return f"{first}—{last} 年" if self._zh else f"years {first}–{last}"

    def _field(self, asked: In) -> str:
        field = FIELDS[asked.name]
        if asked.name == "agency":
            return self._agency(asked.value)
        if asked == In("year", UNDATED):
            return "年份不明" if self._zh else "undated"
        label = field.value_label(asked.value, self._language)
        return f"{field.title(self._language)}“{label}”" if self._zh else f"{field.en.lower()} “{label}”"

    def _agency(self, value: str) -> str:
        named = [agency.name for agency in meant(self._agencies.values(), value)]
        if not named:
            return f"机关“{value}”(没有这样的机关)" if self._zh else f"agency “{value}” (there is none)"
        listed = "、".join(named[:_NAMED])
        if len(named) > _NAMED:
            listed += f" 等 {len(named)} 个" if self._zh else f" and {len(named) - _NAMED} more"
        return f"机关“{value}”({listed})" if self._zh else f"agency “{value}” ({listed})"
