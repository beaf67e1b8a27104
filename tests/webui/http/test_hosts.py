"""Tests which hosts the site answers to, the public URL, and who may read the metrics."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from archive.errors import GongkaiError
from webui.app import create_app
from webui.http.hosts import is_trusted
from webui.http.settings import SiteSettings

MALFORMED = [
    ("", "empty"),
    ("xn--0", "no Punycode"),
    ("a..b", "an empty label"),
    ("a" * 64, "a label that is too long"),
    ("a b", "a blank"),
    ("[::1", "an open bracket"),
    ("localhost:0", "port 0"),
    ("localhost:65536", "a port that is too large"),
    ("localhost:80:80", "two ports"),
    ("user@localhost", "a user"),
    ("localhost/evil", "a path"),
    ("公开", "not ASCII"),
    ("local\thost", "a tab"),
]
NAMED = SiteSettings(trusted_hosts=("gongkai.example.org", ".example.net"))


@pytest.mark.parametrize(
    ("host", "settings", "trusted", "reason"),
    [
        ("localhost", SiteSettings(), True, "loopback by name"),
        ("LocalHost:8000", SiteSettings(), True, "case and port do not matter"),
        ("localhost.", SiteSettings(), True, "the absolute form of the name"),
        ("127.0.0.1:8000", SiteSettings(), True, "loopback, IPv4"),
        ("[::1]:8000", SiteSettings(), True, "loopback, IPv6"),
        ("evil.example", SiteSettings(), False, "another name"),
        ("192.0.2.1", SiteSettings(), False, "an address that the site does not listen on"),
        ("192.0.2.1", SiteSettings(trust_addresses=True), True, "the site listens on every address"),
        ("[2001:db8::1]:80", SiteSettings(trust_addresses=True), True, "the same, IPv6"),
        ("evil.example", SiteSettings(trust_addresses=True), False, "a name is no address (DNS rebinding)"),
        ("gongkai.example.org", NAMED, True, "set by name"),
        ("www.gongkai.example.org", NAMED, False, "a subdomain that is not set"),
        ("a.example.net", NAMED, True, "a subdomain of a name with a dot"),
        ("example.net", NAMED, True, "the name itself"),
        ("evilexample.net", NAMED, False, "ends in the name, is no subdomain"),
        ("evil.example", NAMED, False, "not set"),
        ("site.example:8443", SiteSettings(public_url="https://site.example/archive"), True, "host of the public URL"),
        *((host, NAMED, False, reason) for host, reason in MALFORMED),
    ],
)
def test_trusted_hosts(host: str, settings: SiteSettings, trusted: bool, reason: str) -> None:  # noqa: FBT001
    assert is_trusted(host, settings) is trusted, reason


PATHS = ("/", "/en", "/en/search", "/search?q=公开", "/feed.atom?q=公开", "/search.csv?q=公开", "/api/search?q=公开")
OTHER_PATHS = ("/robots.txt", "/sitemap.xml", "/opensearch.xml", "/static/site.css", "/healthz", "/metrics", "/nowhere")


@pytest.mark.parametrize(
    ("path", "host"),
    [
        *((path, host) for path in (*PATHS, *OTHER_PATHS) for host in ("evil.example", "xn--0", "a..b")),
        *(("/feed.atom?q=公开", host) for host, _ in MALFORMED if host.isascii()),
    ],
)
def test_another_host_is_400(app: Flask, path: str, host: str) -> None:
    environ = create_environ(path)
    answers = []
    for each in ("localhost", host):  # what the caches hold is refused, too
        body, status, headers = run_wsgi_app(app, {**environ, "HTTP_HOST": each}, buffered=True)
        answers.append((status, headers, b"".join(body).decode("utf-8", "replace")))
    _, (status, headers, text) = answers
    assert status == "400 BAD REQUEST"
    assert headers["X-Request-ID"] and "Location" not in headers
    assert "//evil.example" not in text


def test_the_error_names_the_setting(client: FlaskClient) -> None:
    headers = {"Host": "evil.example"}
    assert "这个网站的主机名不是“evil.example”" in client.get("/", headers=headers).text
    assert "GONGKAI_TRUSTED_HOSTS" in client.get("/en/", headers=headers).text
    problem = client.get("/api/search?q=x", headers=headers)
    assert problem.mimetype == "application/problem+json"


PUBLIC = [
    ("/feed.atom?q=公开", "<id>https://site.example{}/feed.atom?q=", "Atom ids"),
    ("/feed.atom?q=公开", 'href="https://site.example{}/reports/', "Atom entries"),
    ("/robots.txt", "Sitemap: https://site.example{}/sitemap.xml", "where crawlers find the sitemap"),
    ("/sitemap.xml", "<loc>https://site.example{}/agencies</loc>", "pages in the sitemap"),
    ("/opensearch.xml", 'template="https://site.example{}/search?q={{searchTerms}}"', "the search of a browser"),
    ("/search.csv?q=公开", ",https://site.example{}/reports/", "the url column"),
    ("/concordance.csv?q=公开", ",https://site.example{}/reports/", "the url column"),
    ("/search.ris?q=公开", "https://site.example{}/reports/", "the place of a report in a reference"),
]


@pytest.mark.parametrize("prefix", ["", "/archive"])
@pytest.mark.parametrize("asked", ["{}", "{prefix}{}"], ids=["the proxy removes the prefix", "the proxy keeps it"])
def test_public_url_is_the_base_of_absolute_urls(home: Path, prefix: str, asked: str) -> None:
    client = create_app(home, SiteSettings(public_url=f"https://site.example{prefix}")).test_client()
    for address, expected, reason in PUBLIC:
        text = client.get(asked.format(address, prefix=prefix), headers={"Host": "127.0.0.1:8000"}).text
        assert expected.format(prefix) in text, reason
        assert "//127.0.0.1" not in text and "//localhost" not in text, reason
    answer = client.get(asked.format("/en", prefix=prefix), headers={"Host": "127.0.0.1:8000"})
    assert answer.status_code == 308
    assert answer.location == f"https://site.example{prefix}/en/"
    assert f'href="{prefix}/help"' in client.get(asked.format("/", prefix=prefix)).text


@pytest.mark.parametrize(
    ("peer", "headers", "settings", "status", "reason"),
    [
        ("127.0.0.1", {}, SiteSettings(), 200, "this machine"),
        ("::1", {"Host": "[::1]:8000"}, SiteSettings(), 200, "this machine, IPv6"),
        ("::ffff:127.0.0.1", {}, SiteSettings(), 200, "this machine, IPv4 on an IPv6 socket"),
        ("192.0.2.1", {}, SiteSettings(), 403, "another machine that names this one"),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, SiteSettings(), 403, "through a proxy on this machine"),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, SiteSettings(), 403, "a client that forges the header"),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, SiteSettings(), 403, "the standard header"),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, SiteSettings(), 403, "a proxy that hides the client"),
        ("127.0.0.1", {"Host": "gongkai.example.org"}, NAMED, 403, "a proxy that sends no header but the host"),
        ("", {}, SiteSettings(), 403, "a UNIX socket: the peer is not known"),
        ("192.0.2.1", {}, SiteSettings(metrics="all"), 200, "a setting opens them"),
    ],
)
def test_metrics_and_status_are_for_this_machine(
    home: Path, peer: str, headers: dict[str, str], settings: SiteSettings, status: int, reason: str
) -> None:
    client = create_app(home, settings).test_client()
    for address, content in (("/metrics", "gongkai_answers"), ("/en/status", "Revision"), ("/api/status", "revision")):
        answer = client.get(address, headers=headers, environ_overrides={"REMOTE_ADDR": peer})
        assert answer.status_code == status, reason
        assert (content in answer.text) is (status == 200)


@pytest.mark.parametrize(
    ("values", "expected", "reason"),
    [
        ({}, SiteSettings(), "nothing set"),
        (
            {"GONGKAI_TRUSTED_HOSTS": "A.example, .b.example\n[2001:db8::1]"},
            SiteSettings(trusted_hosts=("a.example", ".b.example", "[2001:db8::1]")),
            "names are separated by commas or blanks",
        ),
        (
            {"GONGKAI_TRUSTED_HOSTS": "公开.example"},
            SiteSettings(trusted_hosts=("xn--55qw44a.example",)),
            "as a browser sends the name",
        ),
        (
            {"GONGKAI_PUBLIC_URL": "https://Site.example/archive/"},
            SiteSettings(public_url="https://site.example/archive"),
            "no slash at the end",
        ),
        ({"GONGKAI_METRICS": "all"}, SiteSettings(metrics="all"), "metrics for every machine"),
        (
            {"GONGKAI_FEEDBACK": "mailto:a@b.example?subject={report}"},
            SiteSettings(feedback="mailto:a@b.example?subject={report}"),
            "where readers report mistakes",
        ),
    ],
)
def test_settings_are_read(values: dict[str, str], expected: SiteSettings, reason: str) -> None:
    assert SiteSettings.read(values) == expected, reason


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("GONGKAI_TRUSTED_HOSTS", "https://a.example", "a URL"),
        ("GONGKAI_TRUSTED_HOSTS", "a.example:8000", "a port is not compared"),
        ("GONGKAI_TRUSTED_HOSTS", "[::1]:8000", "the same"),
        ("GONGKAI_TRUSTED_HOSTS", "*", "no wildcard: it would trust every host"),
        ("GONGKAI_PUBLIC_URL", "a.example", "no scheme"),
        ("GONGKAI_PUBLIC_URL", "ftp://a.example", "another scheme"),
        ("GONGKAI_PUBLIC_URL", "https://a.example/?q=x", "a query"),
        ("GONGKAI_PUBLIC_URL", "https://user@a.example", "a user"),
        ("GONGKAI_PUBLIC_URL", "https://[::1", "no URL at all"),
        ("GONGKAI_METRICS", "yes", "neither loopback nor all"),
    ],
)
def test_invalid_settings_are_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as refused:
        SiteSettings.read({name: value})
    assert value in refused.value.zh and value in refused.value.en, reason
