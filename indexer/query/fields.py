"""The fields of a section: one table, from which grammar, facets, options and help derive."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
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
        values: returns the values of a section; None for keywords, which are weighed against the whole archive.
        codes, label: the values and their labels, if the values are a closed list.
        listed: the number of values that the facet shows, the most frequent ones, if the list is open.
    """

    name: str
    alias: str
    zh: str
    en: str
    example: str
    help: str
    values: Callable[[Report, Section, Agency], Iterable[FieldValue]] | None
    codes: Callable[[], tuple[str, ...]] | None = None
    label: Callable[[str, Language], str] | None = None
    listed: int | None = None

    def title(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def value_label(self, value: str, language: Language) -> str:
        """Returns the label of a code, or the value itself."""
        return self.label(value, language) if self.label else value

    def code_of(self, name: str) -> str | None:
        """Returns the code with this label, in either language, or of this name; None if there is none."""
        return self._names().get(normal_form(name))

    def nearest(self, name: str) -> list[str]:
        """Returns up to three codes with a similar name, best first."""
        names = self._names()
        form = normal_form(name)
        inside = [each for each in names if form and (form in each or each in form)]
        close = [*inside, *difflib.get_close_matches(form, names, n=3, cutoff=0.5)]
        return list(dict.fromkeys(names[each] for each in close))[:3]

    def _names(self) -> Mapping[str, str]:
        if self.codes is None or self.label is None:
            return {}
        labels = {normal_form(self.label(code, lang)): code for code in self.codes() for lang in _LANGUAGES}
        return labels | {code: code for code in self.codes()}


_LANGUAGES: tuple[Language, Language] = ("zh", "en")


# fmt: off
FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("year", "年", "年份", "Year", "year:2014..2018", "年份或范围 · A year or a range: 2016, 2014..2018.",
              lambda report, section, agency: (report.year,)),
        Field("section", "章节", "章节", "Section", "section:problems", "章节 · Section, by code or name.",
              lambda report, section, agency: dict.fromkeys((section.code, *section.also)),
              section_codes, section_label),
        Field("agency", "机关", "机关", "Agency", "agency:海淀", "机关 · Agency: name, short name, pinyin or id.",
              lambda report, section, agency: (agency.id,), listed=50),
        Field("place", "地区", "地区", "Place", "place:北京", "地区 · Region of the agency, with all below it.",
              lambda report, section, agency: regions_of(agency, report.year), label=place_label, listed=50),
        Field("level", "层级", "行政层级", "Level", "level:county", "行政层级 · Level of government, by code or name.",
              lambda report, section, agency: filter(None, (agency.level,)), level_codes, level_label),
        Field("kind", "类型", "机关类型", "Kind of agency", "kind:department",
              "机关类型 · Kind of agency, by code or name.",
              lambda report, section, agency: filter(None, (agency.kind,)), kind_codes, kind_label),
        Field("keyword", "关键词", "关键词", "Keyword", "keyword:舆情", "关键词 · Keyword.", None, listed=50),
        Field("form", "表式", "表式", "Form", "form:form-2021", "表式 · Form of the report.",
              lambda report, section, agency: filter(None, (report.form,)), form_codes, form_label),
    )
}
# fmt: on
"""Every field that has a facet and a filter, in the order in which facets are shown."""

WORD = "word"
"""The prefix of a whole word. It is no field of a section and has no facet."""

OPTIONS: Mapping[str, tuple[str, ...]] = {"in": ("tables", "all"), "unit": ("report",)}
"""Options of a whole query, with their values."""

_BY_NAME = {**FIELDS, **{field.alias: field for field in FIELDS.values()}}


def field_named(name: str) -> Field | None:
    """Returns the field of a Chinese or English name, in upper or lower case."""
    return _BY_NAME.get(name.lower())


def field_names() -> tuple[str, ...]:
    """Every name that a query may have before a colon."""
    return (*_BY_NAME, WORD, *OPTIONS)
