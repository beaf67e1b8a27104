"""The address to which readers report mistakes: what an operator may set, and where a reader finds it filled in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from archive.errors import GongkaiError
from tests.webui.html import soup
from webui.app import create_app
from webui.http.feedback import fill, read_feedback
from webui.http.settings import SiteSettings

MAIL = "mailto:archive@example.org"
FORM = "https://example.org/new?title={report}&body={address}+{lines}"


@pytest.mark.parametrize(
    ("given", "template", "reason"),
    [
        ("", "", "no feedback"),
        ("  ", "", "no feedback"),
        (FORM, FORM, "as it is"),
        (MAIL, f"{MAIL}?subject={{report}}&body={{address}}%20{{lines}}", "a mailbox alone"),
        (
            f"{MAIL}?cc=b@example.org",
            f"{MAIL}?cc=b@example.org&subject={{report}}&body={{address}}%20{{lines}}",
            "a copy",
        ),
        ("https://example.org/new?title={lines}", "https://example.org/new?title={lines}", "one hole"),
    ],
)
def test_a_template_is_read(given: str, template: str, reason: str) -> None:
    assert read_feedback(given) == template, reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("archive@example.org", "no scheme"),
        ("http://example.org/", "what readers write would travel in the clear"),
        ("javascript:alert(1)", "a script"),
        ("mailto:nobody", "no mailbox"),
        ("mailto:a@b.example,c@d.example", "two mailboxes"),
        ("mailto:{report}@example.org", "the mailbox depends on a report"),
        ("https://{report}.example.org/", "the host depends on a report"),
        ("https://user@example.org/", "a user name"),
        ("https://example.org/{address}", "the path depends on a report"),
        ("https://example.org/?q={nothing}", "an unknown hole"),
        ("https://example.org/?q={report", "an open brace"),
        ('https://example.org/?q="><script>', "markup"),
        ("https://example.org/?q=a b", "a blank"),
        ("https://example.org/#{report}", "a fragment, which the server of the form does not see"),
        ("https://[::1/", "no URL"),
        ("mailto:a@b.example?subject=x\nBcc: c@d.example", "another header"),
    ],
)
def test_an_invalid_template_is_refused(given: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as refused:
        SiteSettings.read({"GONGKAI_FEEDBACK": given})
    assert "GONGKAI_FEEDBACK" in refused.value.message("en"), reason


def test_values_cannot_leave_their_place() -> None:
    filled = fill(FORM, report="甲&body=x", address="https://a.example/?q=1#b", lines="{report}\r\nBcc: c")
    assert parse_qs(urlsplit(filled).query) == {
        "title": ["甲&body=x"],
        "body": ["https://a.example/?q=1#b {report}\r\nBcc: c"],
    }


@pytest.fixture(scope="module")
def open_to_feedback(home: Path) -> FlaskClient:
    return create_app(home, SiteSettings(feedback=FORM)).test_client()


@pytest.mark.parametrize(
    ("path", "status", "report", "address", "reason"),
    [
        ("/reports/yunxi-shui-wu-ju/2016", 200, "水务局", "/reports/yunxi-shui-wu-ju/2016", "a report"),
        ("/notices", 200, "·", "/reports/", "a notice"),
        ("/en/notices", 200, "·", "/reports/", "in English"),
        ("/nowhere", 404, "404", "/nowhere", "no such page"),
        ("/reports/yunxi-shui-wu-ju/1999", 404, "404", "/1999", "no such report"),
        ('/search?q="', 400, "400", "/search", "a query that was not understood"),
    ],
)
def test_a_page_has_a_link_that_says_what_it_is_about(
    open_to_feedback: FlaskClient, client: FlaskClient, path: str, status: int, report: str, address: str, reason: str
) -> None:
    links = soup(open_to_feedback, path, status).select("a.feedback")
    assert links, reason
    filled = [parse_qs(urlsplit(str(link["href"])).query) for link in links]
    assert any(report in each["title"][0] and address in each["body"][0] for each in filled)
    assert not soup(client, path, status).select("a.feedback"), "nothing without the setting"


def test_a_notice_names_its_lines(open_to_feedback: FlaskClient) -> None:
    for item in soup(open_to_feedback, "/notices").select(".notices li"):
        if place := item.select_one(".place"):
            number = "".join(filter(lambda each: each.isdigit() or each == "-", place.get_text()))
            link = item.select_one("a.feedback")
            assert link is not None and number in parse_qs(urlsplit(str(link["href"])).query)["body"][0]
            break
    else:
        pytest.fail("no notice has lines")
