"""Reads pages of the site as a browser does."""

from __future__ import annotations

from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient


def leads_to(element: Tag) -> str:
    """The address that one click on a link or a button asks for."""
    return str(element["href"]) if element.name == "a" else pressed(element)


def pressed(button: Tag) -> str:
    """The address that a button of a form leads to: the fields in the order of the page, and the button among them."""
    document = button.find_parents()[-1]
    form = document.select_one(f"form#{button['form']}") if button.get("form") else button.find_parent("form")
    assert form is not None, "a button without a form does nothing"
    sent = []
    for each in document.select("input, button"):
        if each is button:
            sent += [(str(each["name"]), str(each["value"]))] if each.get("name") else []
        elif each.name == "input" and each.find_parent("form") is form:
            sent.append((str(each["name"]), str(each["value"])))
    return f"{button.get('formaction') or form['action']}?{urlencode(sent)}"


def soup(client: FlaskClient, address: str, status: int = 200, *, follow_redirects: bool = False) -> BeautifulSoup:
    response = client.get(address, follow_redirects=follow_redirects)
    assert response.status_code == status, address
    return BeautifulSoup(response.text, "lxml")


def text(tag: Tag, selector: str) -> str:
    """The text of the first element that the selector finds."""
    found = tag.select_one(selector)
    assert found is not None, selector
    return found.get_text()
