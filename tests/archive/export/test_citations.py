"""Tests references by the rules of their formats."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import jsonschema
import pytest

from archive.export.citations import STYLES, Citation, cite, context_object, highwire
from archive.export.citations.bibtex import bibtex
from archive.export.citations.csl import csl
from archive.export.citations.gbt7714 import gbt_2015, gbt_2025
from archive.export.citations.ris import ris
from archive.model import Report
from tests.archive.pages import prose_report, report

# What CSL-JSON 1.0 allows of the variables that are used here; whatever is not listed is refused.
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        },
        "circa": {"type": ["string", "number", "boolean"]},
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
_NAMES = {
    "type": "array",
    "items": {"type": "object", "properties": {"literal": {"type": "string"}}, "additionalProperties": False},
}
_TEXTS = (
    "id", "title", "container-title", "genre", "publisher", "URL", "language", "note", "number", "section", "archive",
    "archive_location", "source", "version", "citation-key", "abstract", "keyword", "title-short", "page", "medium",
)  # fmt: skip
CSL_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["report", "chapter"]},
            "author": _NAMES,
            "container-author": _NAMES,
            "issued": _DATE,
            "accessed": _DATE,
            "custom": {"type": "object"},
            **{name: {"type": "string"} for name in _TEXTS},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}
ADDRESS = "https://gongkai.example/reports/quanzhoushi-jiaoyuju/2015"
HERE = f"{ADDRESS}#problems"
TODAY = date(2026, 3, 4)
NAME = "泉州市教育局"
TITLE = "泉州市教育局2015年政府信息公开工作年度报告"
URL = "http://jyj.example.gov.cn/xxgk/nb.html?id=1_2&c=50%25"
MODEL = report(prose_report(NAME, 2015))


def made(
    published: date | None = date(2016, 3, 20), url: str | None = URL, part: str | None = None, title: str = TITLE
) -> Citation:
    source = replace(MODEL.source, url=url, captured_on=date(2023, 2, 14), site="泉州市教育局网站")
    given: Report = replace(MODEL, published_on=published, source=source, title=title)
    section = next((section for section in given.sections if section.code == part), None)
    return cite(given, ADDRESS, "catalogue revision 7", TODAY, section)


@pytest.mark.parametrize(
    ("citation", "in_2025", "in_2015", "reason"),
    [
        (
            made(),
            f"{NAME}. {TITLE}[R/OL]. 2016-03-20. {URL}.",
            f"{NAME}. {TITLE}[R/OL]. (2016-03-20)[2023-02-14]. {URL}.",
            "like the example of the standards: 第29次…报告[R/OL]. 2012-01-16 and (2012-01-16)[2013-03-26]",
        ),
        (
            made(published=None),
            f"{NAME}. {TITLE}[R/OL]. [2016]. {URL}.",
            f"{NAME}. {TITLE}[R/OL]. [2023-02-14]. {URL}.",
            "no printed day: estimated in [ ] in the 2025 edition, omitted in the earlier one",
        ),
        (
            made(url=None),
            f"{NAME}. {TITLE}[R/OL]. 2016-03-20. {ADDRESS}.",
            f"{NAME}. {TITLE}[R/OL]. (2016-03-20)[2026-03-04]. {ADDRESS}.",
            "no URL of the site: that of this archive, accessed today",
        ),
        (
            made(part="problems", url=None),
            f"{NAME}. 四、存在的主要问题及改进措施[R/OL]//{NAME}. {TITLE}. 2016-03-20. {HERE}.",
            f"{NAME}. 四、存在的主要问题及改进措施[R/OL]//{NAME}. {TITLE}. (2016-03-20)[2026-03-04]. {HERE}.",
            "a part is before //",
        ),
        (
            replace(made(), author=None),
            f"{TITLE}[R/OL]. 2016-03-20. {URL}.",
            f"{TITLE}[R/OL]. (2016-03-20)[2023-02-14]. {URL}.",
            "unknown author: the title comes first",
        ),
    ],
    ids=["whole", "estimated", "archive", "section", "unknown author"],
)
def test_gbt(citation: Citation, in_2025: str, in_2015: str, reason: str) -> None:
    assert (gbt_2025(citation), gbt_2015(citation)) == (in_2025, in_2015), reason


def fields_of_ris(text: str) -> list[tuple[str, str]]:
    """The fields by the rule of the format: two characters, two spaces, a hyphen, a space, the value; CRLF."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = [line for line in text.split("\r\n") if line]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    return [(line[:2], line[6:]) for line in lines]


def test_ris() -> None:
    fields = fields_of_ris(ris(made()))
    assert (fields[0], fields[-1]) == (("TY", "RPRT"), ("ER", ""))
    named = dict(fields)
    assert (named["AU"], named["TI"], named["PY"], named["DA"]) == (NAME, TITLE, "2016", "2016/03/20/")
    assert (named["UR"], named["Y2"], named["AN"]) == (URL, "2023/02/14/", "quanzhoushi-jiaoyuju/2015")
    notes = [value for tag, value in fields if tag == "N1"]
    assert notes == [
        f"SHA-256 {MODEL.source.sha256}; lines {MODEL.place}",
        f"archived at {ADDRESS}",
        "as of catalogue revision 7",
    ]


@pytest.mark.parametrize(
    ("citation", "tag", "value", "reason"),
    [
        (made(part="problems"), "TY", "CHAP", "a section is a part of a book"),
        (made(part="problems"), "T2", TITLE, "with the title of the report"),
        (made(title="甲\nER  - \nTY  - BOOK"), "TI", "甲 ER - TY - BOOK", "a line feed does not end the record"),
        (replace(made(), author="A, B"), "AU", "A， B", "a comma would separate the names of a person"),
        (made(published=None), "PY", "2016", "the year of publication by the Regulation"),
    ],
)
def test_ris_fields(citation: Citation, tag: str, value: str, reason: str) -> None:
    assert dict(fields_of_ris(ris(citation)))[tag] == value, reason


def fields_of_bibtex(text: str) -> tuple[str, dict[str, str]]:
    """The type and the fields of an entry, parsed by counting braces like BibTeX."""
    opening = re.match(r"@(\w+)\{([^\s,{}\"#%~\\]+),\n", text)
    assert opening
    found, position = {}, opening.end()
    while field := re.compile(r"  (\w+) = \{").match(text, position):
        depth, end = 1, field.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found[field[1]] = text[field.end() : end - 1]
        assert text[end : end + 2] == ",\n"
        position = end + 2
    assert text[position:] == "}\n\n", "nothing is left"
    return opening[1], found


def test_bibtex() -> None:
    kind, fields = fields_of_bibtex(bibtex(made()))
    assert kind == "techreport"
    assert (fields["author"], fields["title"]) == (f"{{{NAME}}}", f"{{{TITLE}}}"), "in braces of their own"
    assert (fields["year"], fields["month"], fields["urldate"]) == ("2016", "3", "2023-02-14")
    assert fields["url"] == URL
    assert MODEL.source.sha256 in fields["note"] and "catalogue revision 7" in fields["note"]
    kind, fields = fields_of_bibtex(bibtex(made(part="problems", published=None)))
    assert (kind, fields["booktitle"], fields["year"]) == ("incollection", f"{{{TITLE}}}", "[2016]")


@pytest.mark.parametrize("title", ["50% & 3_条 #1 $", "}{", "\\input{x}", "~^", "甲},\n@misc{乙"])
def test_bibtex_takes_any_title(title: str) -> None:
    _, fields = fields_of_bibtex(bibtex(made(title=title)))
    shown = fields["title"][1:-1]
    for command, mark in (("textbackslash", "\\"), ("textbraceleft", "{"), ("textbraceright", "}")):
        shown = shown.replace(f"{{\\{command}}}", f"\0{ord(mark)};")
    assert not re.search(r"(?<!\\)[&#_%$]", shown), "special characters of TeX are escaped"
    assert "\n" not in shown


@pytest.mark.parametrize(
    "citation", [made(), made(published=None), made(part="problems"), replace(made(), author=None)]
)
def test_csl(citation: Citation) -> None:
    jsonschema.validate([csl(citation)], CSL_SCHEMA)
    assert csl(citation)["custom"] == {
        "sha256": MODEL.source.sha256,
        "address": citation.address,
        "as_of": citation.as_of,
    }


def test_csl_marks_an_estimated_year() -> None:
    assert csl(made())["issued"] == {"date-parts": [[2016, 3, 20]]}
    assert csl(made(published=None))["issued"] == {"date-parts": [[2016]], "circa": True}
    assert csl(made())["author"] == [{"literal": NAME}], "an agency has no family name"


def test_the_context_object_is_a_report_of_a_corporate_author() -> None:
    """Z39.88-2004, matrix info:ofi/fmt:kev:mtx:book: these keys exist and `report` is one of its genres."""
    keys = parse_qs(context_object(made()))
    assert keys["ctx_ver"] == ["Z39.88-2004"] and keys["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert keys["rft.genre"] == ["report"] and keys["rft.aucorp"] == [NAME] and keys["rft.btitle"] == [TITLE]
    assert keys["rft.date"] == ["2016-03-20"] and keys["rft_id"] == [URL]
    assert "rft.au" not in keys, "an agency is no person"


def test_highwire() -> None:
    tags = dict(highwire(made()))
    assert tags["citation_title"] == TITLE
    assert tags["citation_author"] == tags["citation_technical_report_institution"] == NAME
    assert tags["citation_publication_date"] == "2016/03/20", "in the order of Google Scholar"
    assert tags["citation_public_url"] == ADDRESS
    assert dict(highwire(made(published=None)))["citation_publication_date"] == "2016"


@pytest.mark.parametrize(
    ("printed", "author", "reason"),
    [
        ("泉州市 教育局", "泉州市教育局", "a space would separate a given name from a family name"),
        ("泉州市教育局, 体育局", "泉州市教育局，体育局", "a comma would, too"),
        ("泉州市教育局;体育局", "泉州市教育局；体育局", "a semicolon would separate two authors"),
        ("Quanzhou Education Bureau", "Quanzhou Education Bureau", "words in Latin letters keep their spaces"),
    ],
)
def test_the_name_of_an_agency_is_not_split(printed: str, author: str, reason: str) -> None:
    citation = replace(made(), author=printed)
    assert dict(highwire(citation))["citation_author"] == author, reason
    assert f"AU  - {author}\r\n" in "".join(STYLES["ris"].write([citation], "")), reason


def test_a_section_is_cited_as_part_of_a_report() -> None:
    citation = made(part="problems")
    tags, keys = dict(highwire(citation)), parse_qs(context_object(citation))
    assert [tags["citation_title"]] == keys["rft.atitle"] == [citation.part]
    assert [tags["citation_book_title"]] == keys["rft.btitle"] == [TITLE]
    assert keys["rft.genre"] == ["bookitem"] and "citation_technical_report_institution" not in tags


@pytest.mark.parametrize("suffix", STYLES)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_many_references_are_one_file(suffix: str, count: int) -> None:
    text = "".join(STYLES[suffix].write([made()] * count, "catalogue revision 7"))
    if suffix == "csl.json":
        items = json.loads(text)
        jsonschema.validate(items, CSL_SCHEMA)
        assert len(items) == count
    else:
        counted = {"ris": "TY  - ", "bib": "@techreport{"}.get(suffix, "[R/OL]")
        assert text.count(counted) == count
