"""Tests that errors give the remedy and keep the query, and that no request causes a 500."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from webui.app import create_app
from webui.http.security_headers import POLICY
from webui.views import home


def soup(client: FlaskClient, address: str, status: int) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.text, "lxml")


@pytest.mark.parametrize(
    ("query", "at", "reason"),
    [
        ('保密 "审查', '"', "a quotation mark without its partner"),
        ("(微信 OR 微博", "(", "a bracket without its partner"),
        ("year:abcd", "a", "no year"),
        ("<script>(", "(", "a hostile query"),
    ],
)
def test_an_invalid_query_is_shown_with_its_error(client: FlaskClient, query: str, at: str, reason: str) -> None:
    page = soup(client, "/search?q=" + query.replace(" ", "+"), 400)
    assert page.select_one("#q")["value"] == query, reason  # type: ignore[index]
    pointed = page.select_one(".pointed")
    assert pointed is not None and pointed.get_text() == query
    assert pointed.mark is not None and pointed.mark.get_text() == at
    assert page.select_one(".lead").get_text().startswith("检索式第")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("address", "status", "kept", "reason"),
    [
        (
            '/search?q="&year=2016&year=2017&section=overview',
            400,
            ["2016", "2017", "overview"],
            "only the query is wrong",
        ),
        ("/search?q=a&year=x&section=overview", 400, [], "an invalid filter would be sent again"),
        ("/search?q=a&year=2016&page=0", 400, [], "an invalid page"),
    ],
)
def test_filters_are_kept(client: FlaskClient, address: str, status: int, kept: list[str], reason: str) -> None:
    fields = soup(client, address, status).select("form input[type=hidden]")
    assert [field["value"] for field in fields] == kept, reason


def test_the_error_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert soup(client, '/en/search?q="x', 400).select_one(".lead").get_text().startswith("Query, character 1")  # type: ignore[union-attr]


HOSTILE = (
    "/search?q=a&page=0",
    "/search?q=a&page=-1",
    "/search?q=a&page=" + "9" * 5000,
    "/search?q=a&page=３",
    "/search?q=a&page=1.5",
    "/search?q=a&limit=101",
    "/search?q=a&sort=size",
    "/search?q=a&year=20160",
    "/search?q=a&year=2018..2014",
    "/search?q=a&year=" + "&year=".join(map(str, range(1000, 1101))),
    "/search?q=a&section=nowhere",
    "/search?q=a&form=1999",
    "/search?q=a&agency=" + "海" * 201,
    "/search?q=" + "(" * 200,
    "/search?q=%00",
    "/concordance?q=%E2%80%8B",
    "/api/search?q=%00",
    "/search?q=" + "保密 " * 4000,
    "/notices?severity=fatal",
    "/notices?code=%00",
    "/notices?page=x",
    "/coverage?page=0",
    "/api/search?q=a&colour=red",
)


@pytest.mark.parametrize("address", HOSTILE, ids=lambda address: address[:40])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_invalid_parameters_are_400(client: FlaskClient, address: str, prefix: str) -> None:
    response = client.get(prefix + address)
    assert response.status_code == 400
    assert len(response.text) > 60


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=a%00",
        "/reports/yunxi-shui-wu-ju/2016?q=%00",
        "/search?q=%ff%fe",
        "/search?q=" + "%F0%A0%AE%B7" * 50,
        "/search?q=a&agency=%00",
        "/search?q=a&keyword=<script>",
        "/agencies?q=%00" + "海" * 3000,
        "/reports/yunxi-shui-wu-ju/2016?q=" + "a" * 3000,
    ],
    ids=lambda address: address[:40],
)
def test_unusual_text_is_answered(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_an_unknown_year_lists_the_known_ones(client: FlaskClient) -> None:
    page = soup(client, "/reports/yunxi-jiao-yu-ju/1999", 404)
    assert [link.get_text() for link in page.select(".chips a")] == ["2019", "2020", "2021"]
    lead = page.select_one(".lead")
    assert lead is not None
    assert lead.get_text() == "档案库里没有云溪市教育局“1999”的报告。有的是：2019、2020、2021。"


@pytest.mark.parametrize(
    "address",
    [
        *("/search", "/search.csv", "/concordance", "/trends", "/matrix", "/reports/yunxi-shui-wu-ju/2016"),
        *("/api/search", "/api/concordance", "/api/trends", "/api/matrix"),
    ],
)
@pytest.mark.parametrize("pattern", ["{}词 ", "({}词)"], ids=["blanks", "brackets"])
def test_the_words_of_a_query_are_limited(client: FlaskClient, address: str, pattern: str) -> None:
    query = "".join(map(pattern.format, range(1001)))
    response = client.get(address, query_string={"q": query})
    assert response.status_code == 400
    detail = response.get_json(force=True)["detail"] if address.startswith("/api/") else response.text
    assert "检索式有1,001个词，网站上最多1,000个。" in detail


@pytest.mark.parametrize("address", ["/agencies/nobody", "/reports/nobody/2016", "/reports/nobody/2016/original"])
def test_an_unknown_agency_links_to_the_list(client: FlaskClient, address: str) -> None:
    assert "请从机关名录中查找" in soup(client, address, 404).get_text()
    assert "Look it up in the list of agencies" in soup(client, f"/en{address}", 404).get_text()


def test_not_found_keeps_the_query(client: FlaskClient) -> None:
    assert soup(client, "/serach?q=保密", 404).select_one("#q")["value"] == "保密"  # type: ignore[index]


def test_an_unknown_address_of_the_api_leads_to_its_reference(client: FlaskClient) -> None:
    for prefix, detail in (("", "接口没有这个地址。"), ("/en", "The API has no such address.")):
        answer = client.get(f"{prefix}/api/nowhere")
        assert answer.status_code == 404 and answer.get_json()["detail"].startswith(detail)
        assert "/help/api" in answer.get_json()["detail"]


def test_not_found_has_a_language(client: FlaskClient) -> None:
    assert "此地址没有页面" in soup(client, "/nowhere", 404).get_text()
    page = soup(client, "/en/nowhere", 404)
    assert page.html is not None and page.html["lang"] == "en"


@pytest.mark.parametrize("path", ["//evil.example/", "/en//evil.example/", "/en//evil.example/x?y"])
def test_no_path_links_to_another_host(client: FlaskClient, path: str) -> None:
    response = client.get(f"http://localhost{path}")
    page = BeautifulSoup(response.text, "lxml")
    addresses = [str(link["href"]) for link in page.select("[href]")]
    assert not [address for address in addresses if address.startswith("//")]


def test_without_an_index(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path):
        pass
    client = create_app(tmp_path).test_client()
    response = client.get("/search?q=保密")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "gongkai index" in response.text and 'value="保密"' in response.text, "the query is kept"
    assert client.get("/healthz").status_code == 503
    assert "档案库还是空的" in client.get("/").text, "the first page needs no index"
    assert client.get("/coverage").status_code == client.get("/agencies").status_code == 200


def test_an_exception_is_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(home, "tile_map", break_down)
    client = create_app(tmp_path).test_client()
    response = client.get("/")
    assert response.status_code == 500
    assert "系统出错" in response.text and "secret detail" not in response.text
    assert response.headers["X-Request-ID"] in response.text, "a report of the error can name the request"
    assert response.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    "address", ["/", "/search?q=保密", "/nowhere", "/api/coverage", '/search?q="', "/static/site.css"]
)
def test_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_only_get(client: FlaskClient) -> None:
    response = client.post("/search", data={"q": "x"})
    assert response.status_code == 405 and "GET" in response.headers["Allow"]


def test_an_unchanged_page_is_304(client: FlaskClient) -> None:
    first = client.get("/search?q=保密审查")
    again = client.get("/search?q=保密审查", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("address", "accepted", "language", "reason"),
    [
        ("/api/search?q=(", None, "zh", "the URL decides without the header"),
        ("/api/search?q=(", "zh-CN,en;q=0.5", "zh", "Chinese first"),
        ("/api/search?q=(", "en-US,en;q=0.9,zh;q=0.5", "en", "English first"),
        ("/api/search?q=(", "de", "en", "no Chinese"),
        ("/api/nowhere", "en", "en", "an error of the framework"),
        ("/en/api/search?q=(", "zh-CN", "en", "an English URL is English"),
        ("/search?q=(", "en", "zh", "a page has the language of its URL"),
    ],
)
def test_errors_of_the_api_are_in_the_language_that_the_client_accepts(
    client: FlaskClient, address: str, accepted: str | None, language: str, reason: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accepted} if accepted else {})
    if answer.json is None:
        assert soup(client, address, answer.status_code).html["lang"] == "zh-Hans"  # type: ignore[index]
        return
    for sentence in (answer.json["title"], answer.json["detail"]):
        assert sentence.isascii() == (language == "en"), reason
    assert "Accept-Language" in answer.headers["Vary"]
