"""Every chart can be taken away as a picture that states its source, and shown on other sites."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from indexer.index import open_index
from tests.webui.html import soup
from webui.http.security_headers import EMBEDDABLE
from webui.render.pictures import png
from webui.render.pictures.canvas import wrapped
from webui.render.pictures.charts import MOST_ROWS, PictureBar, bar_chart
from webui.render.pictures.framed import Picture, PictureCaption

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = {
    "/trends.svg?q=公开&q=微博": ("/trends?q=公开&q=微博", "公开 · 微博"),
    "/trends.svg?q=公开&by=share&year=2014..2018": ("/trends?q=公开&by=share&year=2014..2018", "年份 2014..2018"),
    "/matrix.svg?q=公开": ("/matrix?q=公开", "公开"),
    "/figures.svg?table=measures": ("/figures?table=measures", "常用指标"),
    "/figures/ranking.svg?table=requests&row=new&year=2019": (
        "/figures/ranking?table=requests&row=new&year=2019",
        "2019",
    ),
    "/aggregates.svg": ("/aggregates", "按年份"),
    "/aggregates.svg?by=division": ("/aggregates?by=division", "按地区"),
    "/coverage.svg": ("/coverage", "份报告"),
    "/search/years.svg?q=公开&section=overview": ("/search?q=公开&section=overview", "公开"),
}
"""The address of a picture, that of its page, and a part of what it states as its query."""
ALLOWED = {"svg", "title", "desc", "g", "a", "rect", "path", "circle", "text"}


def drawn(client: FlaskClient, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200 and response.mimetype == "image/svg+xml", address
    return ElementTree.fromstring(response.data)  # noqa: S314 (we made it)


def said(root: ElementTree.Element) -> str:
    """All texts without the breaks of their lines."""
    return "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PICTURES)
def test_a_picture_states_its_source_and_has_no_script(
    client: FlaskClient, home: Path, address: str, prefix: str
) -> None:
    page, query = PICTURES[address]
    day = date.today()
    root = drawn(client, prefix + address)
    words = said(root)
    assert open_index(home).as_of.short in words, "the data version with its content hash"
    assert any(str(each) in words for each in (day, date.today())), "midnight may pass"
    states = re.search(r"http://localhost(/[^ ]*)", words)
    assert states is not None and same(client, states[1], prefix + page)
    assert prefix or query in words
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "class")}
    links = {element.get("href") for element in root.iter() if element.get("href")}
    assert len(links) == 1, "only its own address"


def same(client: FlaskClient, one: str, other: str) -> bool:
    """Whether two addresses show the same page; parameters may be in another order or be defaults."""
    shown = [
        [text.get_text() for text in soup(client, each).select("main h1, svg.plot, main table")]
        for each in (one, other)
    ]
    return shown[0] == shown[1] and bool(shown[0])


@pytest.mark.parametrize("address", PICTURES)
def test_a_page_offers_its_picture_and_the_code_to_embed_it(client: FlaskClient, address: str) -> None:
    page, _ = PICTURES[address]
    offered = soup(client, page).select_one(".take-away")
    assert offered is not None
    links = {link.get_text(): str(link["href"]) for link in offered.select("a")}
    assert {"SVG", "PNG"} <= set(links)
    assert client.get(links["SVG"]).data == client.get(address).data
    if "CSV" in links:
        assert client.get(links["CSV"]).mimetype == "text/csv"
    root = drawn(client, links["SVG"])
    image, frame = (BeautifulSoup(code.get_text(), "lxml") for code in offered.select("pre code"))
    for tag in (image.img, frame.iframe):
        assert tag is not None
        source = unquote(str(tag["src"])).removeprefix("http://localhost")
        assert client.get(source).data == client.get(address).data
        assert (tag["width"], tag["height"]) == (root.get("width"), root.get("height"))
    assert image.a is not None and client.get(str(image.a["href"])).status_code == 200


@pytest.mark.parametrize("address", PICTURES)
def test_a_png_is_the_svg_in_pixels(client: FlaskClient, address: str) -> None:
    root = drawn(client, address)
    response = client.get(address.replace(".svg", ".png"))
    assert response.mimetype == "image/png"
    with Image.open(io.BytesIO(response.data)) as image:
        image.load()
        assert image.width == round(int(str(root.get("width"))) * png.SCALE)
        assert abs(image.height - int(str(root.get("height"))) * png.SCALE) < 2
        colours = image.convert("RGB").getcolors(1 << 20)
    assert colours is not None and len(colours) > 10, "not a blank sheet"


def test_only_pictures_may_be_framed(client: FlaskClient) -> None:
    for address in PICTURES:
        for suffix in (".svg", ".png"):
            headers = client.get(address.replace(".svg", suffix)).headers
            assert headers["Content-Security-Policy"] == EMBEDDABLE and "X-Frame-Options" not in headers
            assert "script" not in EMBEDDABLE and "sandbox" in EMBEDDABLE
        headers = client.get(PICTURES[address][0]).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], "the page itself stays closed"
        assert headers["X-Frame-Options"] == "DENY"


HOSTILE = (
    ("<script>alert(1)</script>", "markup"),
    ('"\' onload="x()', "quotation marks"),
    ("]]><!-- &amp; %00", "marks of XML"),
    ("公开\x08\x0b\ufffe", "characters that no XML document may contain"),
    ("公" * 3000, "longer than the picture"),
)


@pytest.mark.parametrize(("query", "_reason"), HOSTILE)
def test_a_query_is_escaped(query: str, _reason: str) -> None:
    caption = PictureCaption(query, query, query, "2026-01-01", query, query)
    picture = Picture(caption, bar_chart([PictureBar(query, query, 1.0)]), "zh-Hans")
    root = ElementTree.fromstring(picture.svg())  # noqa: S314 (we made it)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    assert query[:2] in said(root)
    assert picture.height < 700, "bounded for every text"


def test_an_address_of_any_query_gives_a_picture(client: FlaskClient) -> None:
    query = 'a" OR "<b onclick=x>&'
    root = drawn(client, f"/trends.svg?q={query.replace('&', '%26')}")
    assert "<b onclick=x>&" in said(root)


@pytest.mark.parametrize(
    ("address", "status", "reason"),
    [
        ("/trends.svg", 400, "no query"),
        ("/trends.gif?q=公开", 404, "no such format"),
        ("/trends.svg?q=公开&by=nothing", 400, "the parameters are those of the page"),
        ("/trends.svg?q=公开&year=1999", 404, "no report, so no chart"),
        ("/matrix.png?q=公开&page=99", 404, "no such page"),
        ("/coverage.svg?page=99", 404, "no such page"),
        ("/figures/ranking.svg?page=99", 404, "no such page"),
        ("/search/years.svg?q=没有人这样写过", 404, "no hits"),
    ],
)
def test_without_a_chart_there_is_no_picture(client: FlaskClient, address: str, status: int, reason: str) -> None:
    assert client.get(address).status_code == status, reason


def test_without_a_chinese_font_there_is_no_png(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    without = "webui.render.pictures.{}.has_font"
    for module in ("png", "files"):
        monkeypatch.setattr(without.format(module), lambda: False)
    response = client.get("/trends.png?q=公开&q=预算")
    assert response.status_code == 503 and "SVG" in response.text
    links = soup(client, "/trends?q=公开&q=预算").select(".picture-files a")
    assert [link.get_text() for link in links] == ["SVG", "CSV"]


def test_a_font_is_found_by_drawing() -> None:
    blank = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    assert png.render(blank)[:4] == b"\x89PNG"
    assert png.has_font(), "the tests need a Chinese font, such as fonts-noto-cjk"


def test_a_high_picture_is_scaled_down() -> None:
    caption = PictureCaption("题", "式", "版", "2026-01-01", "https://example.org/")
    high = Picture(caption, bar_chart([PictureBar("甲", "1", 0.5)] * 1000), "zh-Hans")
    assert high.height < MOST_ROWS * 24 + 200, "rows are bounded"
    assert high.width * high.height * png.zoom(high) ** 2 <= png.MOST_PIXELS + 1
    low = Picture(caption, bar_chart([PictureBar("甲", "1", 0.5)]), "zh-Hans")
    assert png.zoom(low) == png.SCALE


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("公开", 100, 2, ["公开"]),
        ("公开年度报告", 30, 9, ["公开年", "度报告"]),
        ("公开年度报告", 30, 1, ["公开…"]),
        ("", 30, 3, []),
        ("公", 1, 1, ["公"]),  # no narrower than one character
    ],
)
def test_text_is_wrapped_within_its_width(text: str, width: int, most: int, lines: list[str]) -> None:
    assert wrapped(text, 10, width, most) == lines
