"""The fields of a section that can be asked for: one table, from which grammar, facets, options and help derive."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from archive.errors import Language
from archive.model import Agency, Report, Section
from archive.text.normalize import normal_form
from archive.vocabulary import (
    form_codes,
    form_label,
    kind_codes,
    kind_label,
    level_codes,
    level_label,
    section_codes,
    section_label,
)
from indexer.query.region_values import place_label, regions_of

FieldValue = int | str | None

UNDATED = "none"
"""The value of the year filter for reports without a year."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what grammar, facets, options, API and columns need to know of it.

    Attributes:
        alias: its Chinese name in a query.
        zh, en: the heading of its facet.
        help: the help of its option, in Chinese and English.
        values: yields the values of a section; None for keywords, which are weighed against the whole archive.
        codes, label: the values and their labels, if the values are a closed list.
        listed: the number of values that the facet shows, the most frequent ones, if the list is open.
    """

    name: str
    alias: str
    zh: str
    en: str
    example: str
    help: str
    values: Callable[[Report, Section, Agency], Iterator[FieldValue]] | None
    codes: Callable[[], tuple[str, ...]] | None = None
    label: Callable[[str, Language], str] | None = None
    listed: int | None = None

    def title(self, language: Language) -> str:
        """The name of the facet."""
        return self.zh if language == "zh" else self.en

    def value_label(self, value: str, language: Language) -> str:
        """The name of a value: of a code its label, of anything else itself."""
        return self.label(value, language) if self.label else value

    def code_of(self, asked: str) -> str | None:
        """The code that was asked for by itself or by its label in any language, None where there is no such one."""
        return self._names().get(normal_form(asked))

    def nearest(self, asked: str) -> list[str]:
        """Returns up to three codes with a similar name, best first."""
        names = self._names()
        form = normal_form(asked)
        inside = [name for name in names if form and (form in name or name in form)]
        close = [*inside, *difflib.get_close_matches(form, names, n=3, cutoff=0.5)]
        return list(dict.fromkeys(names[name] for name in close))[:3]

    def _names(self) -> Mapping[str, str]:
        if self.codes is None or self.label is None:
            return {}
        labels = {normal_form(self.label(code, lang)): code for code in self.codes() for lang in _LANGUAGES}
        return labels | {code: code for code in self.codes()}


_LANGUAGES: tuple[Language, Language] = ("zh", "en")


def _year(report: Report, _section: Section, _agency: Agency) -> Iterator[FieldValue]:
    yield report.year


def _section(_report: Report, section: Section, _agency: Agency) -> Iterator[FieldValue]:
    yield from dict.fromkeys((section.code, *section.also))


def _agency(_report: Report, _section: Section, agency: Agency) -> Iterator[FieldValue]:
    yield agency.id


def _place(report: Report, _section: Section, agency: Agency) -> Iterator[FieldValue]:
    yield from regions_of(agency, report.year)


def _level(_report: Report, _section: Section, agency: Agency) -> Iterator[FieldValue]:
    yield from filter(None, [agency.level])


def _kind(_report: Report, _section: Section, agency: Agency) -> Iterator[FieldValue]:
    yield from filter(None, [agency.kind])


def _form(report: Report, _section: Section, _agency: Agency) -> Iterator[FieldValue]:
    yield from filter(None, [report.form])


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            "year", "年", "年份", "Year", "year:2014..2018", "年份或范围 · A year or a range: 2016, 2014..2018.", _year
        ),
        Field(
            "section",
            "栏目",
            "栏目",
            "Section",
            "section:problems",
            "栏目 · Section, by code or name.",
            _section,
            section_codes,
            section_label,
        ),
        Field(
            "agency",
            "机关",
            "机关",
            "Agency",
            "agency:海淀",
            "机关 · Agency: name, short name, pinyin or id.",
            _agency,
            listed=50,
        ),
        Field(
            "place",
            "地区",
            "地区",
            "Place",
            "place:北京",
            "地区 · Region of the agency, with all below it.",
            _place,
            label=place_label,
            listed=50,
        ),
        Field(
            "level",
            "层级",
            "行政层级",
            "Level",
            "level:county",
            "行政层级 · Level of government, by code or name.",
            _level,
            level_codes,
            level_label,
        ),
        Field(
            "kind",
            "类型",
            "机关类型",
            "Kind of agency",
            "kind:department",
            "机关类型 · Kind of agency, by code or name.",
            _kind,
            kind_codes,
            kind_label,
        ),
        Field("keyword", "关键词", "关键词", "Keyword", "keyword:舆情", "关键词 · Keyword.", None, listed=50),
        Field(
            "form",
            "表式",
            "表式",
            "Form",
            "form:form-2021",
            "表式 · Form of the report.",
            _form,
            form_codes,
            form_label,
        ),
    )
}
"""Every field that has a facet and a filter, in the order in which facets are shown."""

WORD = "word"
"""The prefix that asks for a whole word; no field of a section, so without a facet."""

OPTIONS: Mapping[str, tuple[str, ...]] = {"in": ("tables", "all"), "unit": ("report",)}
"""What holds for a whole query, with the values to choose from."""

_BY_NAME = {**FIELDS, **{field.alias: field for field in FIELDS.values()}}


def field_named(name: str) -> Field | None:
    """The field that a query calls so, in Chinese or English, in letters of any case."""
    return _BY_NAME.get(name.lower())


def field_names() -> tuple[str, ...]:
    """Every name that a query can put before a colon."""
    return (*_BY_NAME, WORD, *OPTIONS)
