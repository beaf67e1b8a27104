"""Random requests to the site and its API: known paths, parameters and values in odd combinations."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from flask import Flask

from bench.corpus import vocabulary
from tests.attack.scale import seeded

AGENCIES = ("qingheshi-jiaoyuju", "baishanshi-caizhengju", "nobody", "..", "%00", "公")
YEARS = ("2013", "2022", "2021", "undated-1", "x", "9" * 50)
QUERIES = (
    "", "\x00", "\ud7ff", "🙂", '"', '""', "(", ")", "-", "公*", '"公*开"', '"*"', "?", "公 NEAR/5 开", "NEAR", "OR",
    "year:", "year:9999", "agency:x", "section:problems", "-公开", "requests.new.total>0", "requests.new.total>=",
    "公" * 300, "\u202e公", "<script>alert(1)</script>", "%", "\\", "in:tables 0", "１２", "\ufeff", "%s", "{{7*7}}",
    "../..", "a" * 250, "in:all 公", "(" * 99 + "公" + ")" * 99, "_" * 999, "公“" * 300,
)  # fmt: skip
VALUES = (
    "", "1", "0", "-1", "99999", "1e9", "year", "-year", "left", "right", "2018", "2013..2020", "overview", "preface",
    "requests", "prose", "new", "total", "x", "公", "\x00", "１", "null", "true", "[]", "..", "\ud800",
)  # fmt: skip
PARAMETERS = (
    "q", "agency", "section", "place", "form", "keyword", "level", "kind", "year", "sort", "page", "limit", "group",
    "sample", "seed", "width", "from", "to", "table", "row", "column", "measure", "typed", "at", "by", "style", "most",
)  # fmt: skip
ODD_PATHS = ("/static/../app.py", "/static/" + "a" * 2000, "//evil.example", "/en//evil.example", "/%2e%2e/", "/en")


class Requests:
    """Random paths with queries; the same seed gives the same requests."""

    def __init__(self, app: Flask, seed: int) -> None:
        self._chance = seeded(seed)
        self._words = vocabulary()[:3000]
        self._paths = sorted({rule.rule for rule in app.url_map.iter_rules()} | set(ODD_PATHS))

    def path(self) -> str:
        """A path of the site, its variables filled in, with up to four parameters."""
        path = self._filled(self._chance.choice(self._paths))
        given = [self._parameter() for _ in range(self._chance.randint(0, 4))]
        if self._chance.random() < 0.6:
            given.append(("q", self._query()))
        query = urlencode(given, errors="surrogatepass")
        quoted = quote(path, safe="/%.", errors="surrogatepass")
        return f"{quoted}?{query}" if query else quoted

    def _filled(self, rule: str) -> str:
        """The rule of a route with its variables: '/reports/<agency>/<key>/cite.<style>'."""
        text, rest = "", rule
        while "<" in rest:
            before, _, rest = rest.partition("<")
            name, _, rest = rest.partition(">")
            text += before + self._value(name.rpartition(":")[2])
        return text + rest

    def _value(self, name: str) -> str:
        values: Sequence[str] = VALUES
        if name in ("agency", "agency_id", "id"):
            values = AGENCIES
        elif name in ("key", "year", "before", "after", "other"):
            values = YEARS
        return self._chance.choice(values)

    def _parameter(self) -> tuple[str, str]:
        name = self._chance.choice(PARAMETERS)
        return name, self._query() if name == "q" else self._chance.choice((*VALUES, *QUERIES))

    def _query(self) -> str:
        if self._chance.random() < 0.35:
            return self._chance.choice(QUERIES)
        return " ".join(self._chance.sample(self._words, self._chance.randint(1, 3)))
