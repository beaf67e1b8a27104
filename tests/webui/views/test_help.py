"""`/help` and `/about`."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from archive.vocabulary import form_codes, section_codes
from tests.webui.html import leads_to, soup


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_example_is_a_search(client: FlaskClient, prefix: str) -> None:
    examples = soup(client, f"{prefix}/help").select(".examples dt a")
    assert len(examples) > 5
    for example in examples:
        page = soup(client, leads_to(example))
        assert page.select(".hit, .nothing"), example.get_text()


def test_codes_of_fields_are_listed(client: FlaskClient) -> None:
    codes = [code.get_text() for code in soup(client, "/help").select(".codes code")]
    expected = [("section", code) for code in section_codes()] + [("form", code) for code in form_codes()]
    assert codes == [f"{field}:{code}" for field, code in expected]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_examples_of_programs_read_a_file_of_the_site(client: FlaskClient, prefix: str) -> None:
    page = soup(client, f"{prefix}/about")
    examples = [each.get_text() for each in page.select("pre.reference")]
    addresses = {re.search(r'"(http[^"]+)"', each)[1] for each in examples}  # type: ignore[index]
    assert len(examples) == 2 and len(addresses) == 1
    answer = client.get(addresses.pop())
    assert answer.status_code == 200 and answer.text.count(",requests,new,") > 1
