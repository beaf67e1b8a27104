"""What a parameter is, and those that several operations take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.errors import Language
from archive.export.json_types import Json
from archive.vocabulary import kind_codes, level_codes
from indexer.answers.collocates import MOST_WINDOW, SIDES, WINDOW
from indexer.query.fields import FIELDS, UNDATED, Field
from indexer.query.query_errors import LONGEST
from webui.params.search_params import LONGEST_VALUE

TEXT: Json = {"type": "string"}
# '2016', '2014..2018', '2014..', '..2016', 'none'
YEARS = rf"^(\d{{4}}|\d{{4}}\.\.(\d{{4}})?|\.\.\d{{4}}|{UNDATED})$"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation: its name, the schema of a value, and what it means."""

    name: str
    zh: str
    en: str
    schema: Json
    is_repeated: bool = False
    is_required: bool = False
    is_deprecated: bool = False
    place: str = "query"

    def json(self, language: Language) -> Json:
        """The parameter as OpenAPI has it."""
        described: Json = {
            "name": self.name,
            "in": self.place,
            "description": self.zh if language == "zh" else self.en,
            "schema": {"type": "array", "items": self.schema} if self.is_repeated else self.schema,
        }
        described |= {"style": "form", "explode": True} if self.is_repeated else {}
        described |= {"required": True} if self.is_required else {}
        return described | ({"deprecated": True} if self.is_deprecated else {})


def one_of(values: Iterable[str], default: str | None = None) -> Json:
    return {**TEXT, "enum": list(values), **({} if default is None else {"default": default})}


def number(most: int, default: int | None = None) -> Json:
    limits: Json = {"type": "integer", "minimum": 1, "maximum": most}
    return limits if default is None else {**limits, "default": default}


def _values_of(field: Field) -> Json:
    """The values of a filter: codes where they are a closed list, else text, years in their own spelling."""
    if field.codes is not None:
        return one_of(field.codes())
    return {**TEXT, "pattern": YEARS} if field.name == "year" else {**TEXT, "maxLength": LONGEST_VALUE}


def _filter(field: Field) -> Parameter:
    return Parameter(
        field.name,
        f"{field.zh}；可给出多个，任一即可。在检索式中写作 {field.example}",
        f"{field.en}; several are OR. In a query: {field.example}",
        _values_of(field),
        is_repeated=True,
    )


QUERY_TEXT = {**TEXT, "maxLength": LONGEST}
QUERY = Parameter(
    "q",
    "检索式，语法见检索帮助；没有检索式和筛选条件时为全部章节。",
    "The query, in the language of /help; without query and filters, every section.",
    QUERY_TEXT,
)
QUERY_OR_FILTER = Parameter(
    "q",
    "检索式，语法见检索帮助；也可以只给出筛选条件。",
    "The query, in the language of /help; a filter will do instead.",
    QUERY_TEXT,
)
COUNTED = Parameter(
    "q", "检索式，语法见检索帮助。", "The query, in the language of /help.", QUERY_TEXT, is_required=True
)
FILTERS = tuple(map(_filter, FIELDS.values()))
WINDOW_PARAMETERS = (
    Parameter(
        "window", "检索词左右各取几个词。", "Words near an occurrence on each side.", number(MOST_WINDOW, WINDOW)
    ),
    Parameter("side", "取检索词的哪一侧。", "The side of the occurrence.", one_of(SIDES, SIDES[0])),
)
AGENCY_FILTERS = (
    Parameter(
        "place",
        "只要某省、市或县（区）的机关，写名称；unknown 为地区不详，none 为不属于任何地区。",
        "Only agencies in a province, city or county, by its name; unknown or none.",
        TEXT,
    ),
    Parameter("level", "只要某一行政层级的机关。", "Only agencies of a level.", one_of(level_codes())),
    Parameter("kind", "只要某一类型的机关。", "Only agencies of a kind.", one_of(kind_codes())),
)
YEAR_RANGE = (
    Parameter("from", "起始年份。", "The first year.", number(9999)),
    Parameter("to", "终止年份。", "The last year.", number(9999)),
)
AGENCY = Parameter(
    "agency", "机关编号；不给出则为全部机关。", "Agencies by id; all without it.", TEXT, is_repeated=True
)
OCR = Parameter(
    "ocr",
    "0 表示不含由 OCR 识别的数据。",
    "0 leaves out figures that were read by OCR.",
    one_of(["1", "0"], "1"),
)
