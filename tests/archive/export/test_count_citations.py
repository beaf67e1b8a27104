"""References to counts in each format, and the record that an address carries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from archive.export.citations.count import COUNT_STYLES, CitedTotals, CountCitation, read_cited

DAY = date(2026, 3, 9)
TODAY = date(2026, 11, 27)
TOTALS = CitedTotals("5169799f9336", 1030, 12, 1, DAY)
URL = "https://gongkai.example.org/search?q=%22a%22&cited=5169799f9336:1030:12:1:2026-03-09"
CITATION = CountCitation('"保密审查" {x}', {"zh": "有这几个字。", "en": "exactly these."}, TOTALS, "0.1.0", URL)

EXPECTED = {
    "gbt.txt": "公开：政府信息公开年度报告全文库. 检索式 \"保密审查\" {x} 的计数：1,030 处，12 个章节，1 份报告；"
    "检索理解为：有这几个字。；数据版本 5169799f9336，程序 gongkai 0.1.0[DB/OL]. [2026-03-09]. " + URL + ".\n",
    "apa.txt": "Gongkai, a full-text archive of Chinese disclosure reports. (2026). Count for the query "
    '"保密审查" {x}: 1,030 occurrences, 12 sections, 1 report (Interpreted as: exactly these.; data version '
    "5169799f9336, gongkai 0.1.0) [Data set]. Retrieved March 9, 2026, from " + URL + "\n",
}  # fmt: skip


@pytest.mark.parametrize("suffix", EXPECTED)
def test_a_reference_for_reading(suffix: str) -> None:
    assert COUNT_STYLES[suffix].write(CITATION) == EXPECTED[suffix]


def test_a_bibtex_entry_has_balanced_braces_and_a_field_a_line() -> None:
    entry = COUNT_STYLES["bib"].write(CITATION)
    assert entry.startswith(f"@misc{{{CITATION.id},\n") and entry.endswith(",\n}\n")
    assert entry.count("{") == entry.count("}")
    fields = dict(line.strip().rstrip(",").split(" = ") for line in entry.splitlines()[1:-1])
    assert (fields["year"], fields["month"], fields["urldate"]) == ("{2026}", "{3}", "{2026-03-09}")
    assert r"{\textbraceleft}x{\textbraceright}" in fields["title"], "a brace of the query is escaped"
    assert "data version 5169799f9336" in fields["note"] and fields["url"] == f"{{{URL}}}"


def test_ris_has_one_tag_a_line() -> None:
    lines = COUNT_STYLES["ris"].write(CITATION).split("\r\n")
    assert lines[0] == "TY  - DATA" and lines[-2:] == ["ER  - ", ""]
    assert {"Y2  - 2026/03/09/", f"UR  - {URL}", "N1  - data version 5169799f9336, gongkai 0.1.0"} <= {*lines}
    query = CountCitation("a\r\nER  - ", CITATION.readings, TOTALS, "0.1.0", None)
    assert COUNT_STYLES["ris"].write(query).count("\r\nER  -") == 1, "a query cannot end the entry"
    assert "UR  - " not in COUNT_STYLES["ris"].write(query), "there is no address outside a site"


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (str(TOTALS), TOTALS, "what is written is read back"),
        ("5169799f9336:-:3:2:2026-03-09", CitedTotals("5169799f9336", None, 3, 2, DAY), "a query without text"),
        ("5169799f9336:0:0:0:2026-11-27", CitedTotals("5169799f9336", 0, 0, 0, TODAY), "a count of today"),
        (
            "5169799f9336:0:0:0:2026-11-28",
            CitedTotals("5169799f9336", 0, 0, 0, TODAY + timedelta(days=1)),
            "a count of today in Beijing, where a server in London has yesterday",
        ),
        ("", None, "empty"),
        ("5169799f9336:1:2:3", None, "no day"),
        ("5169799f9336:1:2:3:2026-03-09:4", None, "something behind it"),
        ("5169799F9336:1:2:3:2026-03-09", None, "upper case is not written"),
        ("5169799f933:1:2:3:2026-03-09", None, "a shorter hash"),
        ("5169799f9336:-1:2:3:2026-03-09", None, "a negative number"),
        ("5169799f9336:１:2:3:2026-03-09", None, "a digit that int() accepts"),
        ("5169799f9336:1234567890:2:3:2026-03-09", None, "more than any archive has"),
        ("5169799f9336:1:2:3:2026-02-30", None, "a day that does not exist"),
        ("5169799f9336:1:2:3:2026-11-29", None, "a day in the future"),
        ("<script>:1:2:3:2026-03-09", None, "markup"),
        ("5169799f9336:1:2:3:2026-03-09\n", None, "a line feed at the end"),
    ],
)
def test_a_record_is_read_or_refused(text: str, expected: CitedTotals | None, reason: str) -> None:
    assert read_cited(text, TODAY) == expected, reason
