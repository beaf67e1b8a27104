"""The shapes of the interface's answers, as JSON Schema; `tests` hold every answer against them."""

from __future__ import annotations

from indexer.query.fields import FIELDS

Json = dict[str, object]

TEXT: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
FLAG: Json = {"type": "boolean"}
NUMBER: Json = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "description": "A decimal number as a string."}
DAY: Json = {"type": "string", "format": "date"}
ANY: Json = {}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _map(values: Json) -> Json:
    return {"type": "object", "additionalProperties": values}


def _object(optional: tuple[str, ...] = (), /, **properties: Json) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


YEAR = _or_null({"type": "integer"})
LINE = _or_null({"type": "integer", "minimum": 1})
LINES = _object(first_line=LINE, last_line=LINE)
BASIS = _one_of("printed", "given", "inferred", "unknown")
FATE = _one_of("kept", "changed", "added", "dropped")
_FIGURE: dict[str, Json] = {
    "table": TEXT,
    "row": TEXT,
    "column": _or_null(TEXT),
    "value": _or_null(NUMBER),
    "printed": TEXT,
    "state": _one_of("number", "blank", "dash", "solved", "unreadable"),
    "basis": _one_of("table", "prose"),
    "unit": _or_null(TEXT),
    "check": _map(_one_of("passed", "passed_with_blanks", "failed", "not_checked")),
    "sentence": _or_null(TEXT),
    "line": LINE,
}
_NOTICE: dict[str, Json] = {
    "code": TEXT,
    "severity": _one_of("info", "warning", "error"),
    "message": TEXT,
    "place": LINES,
}
_OF: dict[str, Json] = {
    "agency": TEXT,
    "agency_name": TEXT,
    "year": YEAR,
    "report": TEXT,
    "form": _or_null(TEXT),
    "breaks": _list(TEXT),
    "sha256": TEXT,
    "as_of": TEXT,
}
_PASSAGE = _or_null(_object(number=COUNT, section=TEXT, text=TEXT))
_COMPARED = _object(key=TEXT, title=TEXT, form=_or_null(TEXT), sha256=TEXT)

SCHEMAS: dict[str, Json] = {
    "problem": _object(
        ("position", "held"),
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        position=COUNT,
        held=_list(TEXT),
    ),
    "source": _object(
        path=TEXT, sha256=TEXT, media_type=TEXT, url=_or_null(TEXT), site=_or_null(TEXT), captured_on=_or_null(DAY)
    ),
    "figure": _object(**_FIGURE),
    "notice": _object(**_NOTICE),
    "section": _object(
        code=TEXT,
        also=_list(TEXT),
        anchor=TEXT,
        heading=_or_null(TEXT),
        text=TEXT,
        first_line=LINE,
        last_line=LINE,
        tables=_list(_object(kind=_or_null(TEXT), first_line=LINE, last_line=LINE, rows=_list(_list(TEXT)))),
    ),
    "hit": _object(
        report=TEXT,
        agency=TEXT,
        year=YEAR,
        section=TEXT,
        heading=_or_null(TEXT),
        url=TEXT,
        title=TEXT,
        score={"type": "number"},
        occurrences=_or_null(COUNT),
        snippets=_list(_object(text=TEXT, marks=_list({**_list(COUNT), "minItems": 2, "maxItems": 2}))),
    ),
    "as_of": _object(generation=COUNT, reports=COUNT, sections=COUNT, dictionary=TEXT, version=TEXT),
    "total": _object(
        sections=COUNT, reports=COUNT, occurrences=_or_null(COUNT), reports_without_figure=_or_null(COUNT)
    ),
    "openapi_json": _object(openapi=TEXT, info=_map(ANY), paths=_map(ANY)),
    "search_json": _object(
        query=TEXT,
        reading=TEXT,
        as_of=_ref("as_of"),
        total=_ref("total"),
        facets=_map(_list(_ref("facet_value"))),
        sample=_or_null(_object(size=COUNT, seed=COUNT)),
        hits=_list(_ref("hit")),
        readings=_list(_object(kind=_one_of("words", "exact", "whole"), query=TEXT, reading=TEXT, total=_ref("total"))),
    ),
    "facet_value": _object(value={"type": ["integer", "string", "null"]}, label=TEXT, count=COUNT),
    "facet_values": _object(
        query=TEXT,
        reading=TEXT,
        as_of=_ref("as_of"),
        total=_ref("total"),
        facet=_one_of(*(name for name in FIELDS if name != "year")),
        values=_list(_ref("facet_value")),
    ),
    "suggest": _object(
        as_of=_ref("as_of"),
        suggestions=_list(
            _object(
                kind=_one_of("agency", "section", "phrase", "keyword"),
                kind_name=TEXT,
                text=TEXT,
                query=TEXT,
                count=COUNT,
            )
        ),
    ),
    "concordance_json": _object(
        query=TEXT,
        reading=TEXT,
        as_of=_ref("as_of"),
        total=COUNT,
        shown=COUNT,
        lines=_list(
            _object(
                left=TEXT,
                hit=TEXT,
                right=TEXT,
                agency=TEXT,
                agency_name=_or_null(TEXT),
                year=YEAR,
                section=TEXT,
                heading=_or_null(TEXT),
                url=TEXT,
            )
        ),
    ),
    "trends_json": _object(
        trends=_list(
            _object(
                query=TEXT,
                reading=TEXT,
                as_of=_ref("as_of"),
                points=_list(
                    _object(
                        year=YEAR,
                        occurrences=_or_null(COUNT),
                        sections=COUNT,
                        reports=COUNT,
                        characters=COUNT,
                        all_sections=COUNT,
                        all_reports=COUNT,
                        per_10000=_or_null({"type": "number"}),
                    )
                ),
            )
        )
    ),
    "agency_matrix": _object(
        query=TEXT,
        reading=TEXT,
        as_of=_ref("as_of"),
        years=_list(YEAR),
        rows=_list(
            _object(
                agency=TEXT,
                name=TEXT,
                cells=_list(
                    _object(
                        year=YEAR,
                        state=_one_of("said", "not_said", "no_report", "no_text"),
                        count=_or_null(COUNT),
                        characters=COUNT,
                        per_10000=_or_null({"type": "number"}),
                    )
                ),
            )
        ),
    ),
    "distinctive": _object(
        query=TEXT,
        reading=TEXT,
        as_of=_ref("as_of"),
        total=_ref("total"),
        words=_list(_object(keyword=TEXT, count=COUNT, expected={"type": "number"}, score={"type": "number"})),
    ),
    "similar": _object(as_of=_ref("as_of"), url=TEXT, hits=_list(_ref("hit"))),
    "report": _object(
        title=TEXT,
        title_basis=BASIS,
        agency=TEXT,
        agency_name=_or_null(TEXT),
        agency_as_printed=_or_null(TEXT),
        agency_basis=BASIS,
        year=YEAR,
        year_basis=BASIS,
        key=TEXT,
        form=_or_null(TEXT),
        published_on=_or_null(DAY),
        period=_or_null({**_list(DAY), "minItems": 2, "maxItems": 2}),
        first_line=LINE,
        last_line=LINE,
        duplicate_of=_or_null(LINES),
        source=_ref("source"),
        sections=_list(_ref("section")),
        figures=_list(_ref("figure")),
        notices=_list(_ref("notice")),
    ),
    "compared": _object(
        agency=TEXT,
        before=_COMPARED,
        after=_COMPARED,
        carried_over=_object(
            share=_or_null({"type": "number", "minimum": 0, "maximum": 1}), characters=COUNT, of=COUNT
        ),
        paragraphs=_object(kept=COUNT, changed=COUNT, added=COUNT, dropped=COUNT),
        sections=_list(
            _object(
                code=TEXT,
                anchor=TEXT,
                heading_before=_or_null(TEXT),
                heading_after=_or_null(TEXT),
                paragraphs=_list(
                    _object(
                        fate=FATE,
                        before=_PASSAGE,
                        after=_PASSAGE,
                        numbers_only=FLAG,
                        pieces=_list(_object(kind=_one_of("same", "dropped", "added"), text=TEXT)),
                    )
                ),
            )
        ),
        figures=_list(
            _object(
                table=TEXT,
                row=TEXT,
                column=_or_null(TEXT),
                before=_or_null(_ref("figure")),
                after=_or_null(_ref("figure")),
                difference=_or_null(NUMBER),
                breaks=_list(_object(code=TEXT, reason=TEXT)),
            )
        ),
    ),
    "versions": _object(report=TEXT, versions=_list(_object(title=TEXT, kept_on=DAY, source=_ref("source")))),
    "agencies": _object(agencies=_list(_ref("agency_json"))),
    "agency_json": _object(
        agency=TEXT,
        name=TEXT,
        names=_list(_object(name=TEXT, first_year=YEAR, last_year=YEAR)),
        place=_or_null(TEXT),
        level=_or_null(TEXT),
        kind=_or_null(TEXT),
        reports=_list(TEXT),
    ),
    "figures_json": _object(
        table=TEXT,
        as_of=TEXT,
        figures=_list(
            {
                "anyOf": [
                    _object(**_OF, row_label=TEXT, column_label=TEXT, **_FIGURE),
                    _object(
                        **_OF,
                        measure=TEXT,
                        label=TEXT,
                        formula=TEXT,
                        value=_or_null(NUMBER),
                        numerator=_or_null(NUMBER),
                        denominator=_or_null(NUMBER),
                        standing=_one_of("computed", "computed_with_blanks", "nothing_to_divide", "missing"),
                        doubtful=FLAG,
                    ),
                ]
            }
        ),
    ),
    "coverage": _object(
        as_of=TEXT,
        cells=_list(
            _object(
                ("duplicate",),
                agency=TEXT,
                year={"type": "integer"},
                state=_one_of("held", "tables_only", "image_only", "missing"),
                duplicate=FLAG,
            )
        ),
    ),
    "notices": _object(as_of=TEXT, notices=_list(_object(report=_or_null(TEXT), source=_ref("source"), **_NOTICE))),
}
"""Each by the name of the view that answers so; the others are parts of them."""
