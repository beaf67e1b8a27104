"""The pictures of a page in a folder, a ZIP or a WARC are read where they stand in the page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.errors import GongkaiError
from archive.ingest.pool import parse_files
from archive.ingest.sources import captures_in, pages_in
from archive.limits import LIMITS, Limits
from archive.model import Block, Source
from archive.readers import registry, scans
from archive.readers.containers import JOINED, Capture
from archive.readers.registry import read_page
from archive.readers.zips import joined
from tests.archive.readers.documents import HEADINGS, OVERVIEW, TITLE, html_page, html_table, pdf_file, tables, zip_file
from tests.archive.readers.documents import source as page_source
from tests.archive.readers.ocr.test_scans import picture, short_report
from tests.archive.readers.test_joined import linking
from tests.archive.readers.test_zip_files import warc_file

pytestmark = pytest.mark.skipif(not scans.ocr_is_installed(), reason="needs the extra `ocr`")

PROACTIVE, REQUESTS, REVIEW = (html_table(rows) for rows in tables())


def png(name: str, size: int = 3000) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + name.encode().ljust(size)


def img(address: str) -> str:
    return f'<p><img src="{address}"></p>'


def page(*parts: str, title: str = TITLE, logo: str = "logo.png") -> bytes:
    """A page with parts below its second, third and fourth heading, and a logo above its title."""
    text = [f"<h1>{title}</h1><p>{HEADINGS[0]}</p><p>{OVERVIEW}</p>"]
    text += [f"<p>{heading}</p>{part}" for heading, part in zip(HEADINGS[1:], (*parts, "", "", "")[:3], strict=False)]
    text += [f"<p>{heading}</p><p>{OVERVIEW}</p>" for heading in HEADINGS[4:]]
    return f"<html><body><div>{img(logo)}</div><div>{''.join(text)}</div></body></html>".encode()


PAGE = page(img("a/1.png"), img("2.png"), img("/down/3.png"))
FILES = {
    "b.html": PAGE,
    "a/1.png": png("图一"),
    "2.png": png("图二"),
    "b_files/3.png": png("图三"),
    "logo.png": png("标"),
}
READ = [f"{HEADINGS[1]}", "图一", f"{HEADINGS[2]}", "图二", f"{HEADINGS[3]}", "图三"]


@pytest.fixture
def recognised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces OCR; returns the pictures that it gets."""
    found: list[str] = []

    def blocks(data: bytes, source: Source) -> tuple[Block, ...]:
        found.append(data[8:].decode().strip())
        return (Block(found[-1], confidence=0.9),)

    monkeypatch.setattr(scans, "_ocr", lambda: SimpleNamespace(picture_blocks=blocks))
    return found


def of_folder(files: Mapping[str, bytes], folder: Path) -> list[Capture]:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    found = [each for path in pages_in([folder]) for each in captures_in(path)]
    assert not [each for each in found if isinstance(each, GongkaiError)]
    return [each for each in found if isinstance(each, tuple)]


def of_zip(files: Mapping[str, bytes], folder: Path) -> list[Capture]:
    (folder / "a.zip").write_bytes(zip_file(dict(files)))
    return [each for each in captures_in(folder / "a.zip") if isinstance(each, tuple)]


def of_warc(files: Mapping[str, bytes], folder: Path) -> list[Capture]:
    """The files as records of one site; what a browser saved with the page is at its address."""
    records = [
        (f"http://a.gov.cn/x/{name}".replace("/x/b_files", "/down"), "image/png" if data[:1] == b"\x89" else "", data)
        for name, data in files.items()
    ]
    (folder / "a.warc.gz").write_bytes(warc_file(records))
    return [each for each in captures_in(folder / "a.warc.gz") if isinstance(each, tuple)]


KEPT = [(of_folder, "a folder"), (of_zip, "a ZIP"), (of_warc, "a WARC")]
kept = pytest.mark.parametrize(("captures", "place"), KEPT, ids=[case[1] for case in KEPT])


@kept
def test_pictures_are_read_where_they_stand(
    captures: object, place: str, tmp_path: Path, recognised: list[str]
) -> None:
    ((data, source),) = captures(FILES, tmp_path)  # type: ignore[operator]
    texts = [block.text for block in read_page(data, source).blocks]
    start = texts.index(HEADINGS[1])
    assert texts[start : start + len(READ)] == READ
    assert recognised == ["图一", "图二", "图三"], "the logo is none of the report"


@kept
def test_the_original_holds_page_and_pictures_as_they_were(captures: object, place: str, tmp_path: Path) -> None:
    ((data, source),) = captures(FILES, tmp_path)  # type: ignore[operator]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.comment == JOINED
        found = [(archive.getinfo(name).comment.decode(), archive.read(name)) for name in archive.namelist()]
    assert sorted(found) == sorted(
        [("", PAGE), ("a/1.png", png("图一")), ("2.png", png("图二")), ("/down/3.png", png("图三"))]
    )
    assert source.path.endswith("b.html + 1.png + 2.png + 3.png")


LONE = {"1.png": png("图一"), "logo.png": png("标")}
ALONE = [
    (page(PROACTIVE + img("1.png"), REQUESTS, REVIEW), LONE, "a page with all its tables"),
    (
        f"<html><body><h1>白桦镇概况</h1><p>{OVERVIEW}</p>{img('1.png')}</body></html>".encode(),
        LONE,
        "a page that is no report",
    ),
    (page(img("1.png")), {"1.png": png("图一", 1000), "logo.png": png("标")}, "an icon"),
    (page(img("2.png")), {"logo.png": png("标")}, "a picture that was not captured"),
    (page(img("http://[")), {"logo.png": png("标")}, "no address"),
]


@pytest.mark.parametrize(("html", "pictures", "reason"), ALONE, ids=[case[2] for case in ALONE])
@kept
def test_pictures_that_are_not_needed_are_left_out(
    captures: object, place: str, html: bytes, pictures: Mapping[str, bytes], reason: str, tmp_path: Path
) -> None:
    shown = {name: data for name, data in pictures.items() if f'src="{name}"'.encode() in html}
    ((data, _),) = captures({"b.html": html, **shown}, tmp_path)  # type: ignore[operator]
    assert data == html


@kept
def test_a_table_that_is_missing_among_others_is_read(
    captures: object, place: str, tmp_path: Path, recognised: list[str]
) -> None:
    html = page(PROACTIVE, img("1.png"), REVIEW)
    ((data, source),) = captures({"b.html": html, **LONE}, tmp_path)  # type: ignore[operator]
    read_page(data, source)
    assert recognised == ["图一"]


@kept
def test_documents_of_a_page_come_before_its_pictures(captures: object, place: str, tmp_path: Path) -> None:
    html = linking("1.pdf").replace(b"</p>", b"</p><p><img src='1.png'></p>")
    ((data, _),) = captures({"b.html": html, "1.png": png("图一"), "1.pdf": pdf_file()}, tmp_path)  # type: ignore[operator]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["0-b.html", "1-1.pdf"]


def test_pictures_larger_than_a_page_may_be_are_left_out() -> None:
    held = joined.HeldPages(Limits(size=len(PAGE) + 4000))
    cuts = [(PAGE, page_source("b.html")), (png("图一"), page_source("a/1.png")), (png("图二"), page_source("2.png"))]
    assert [each[0] for each in held.join(cuts) if isinstance(each, tuple)] == [PAGE]


def test_a_picture_that_no_page_shows_is_a_page(tmp_path: Path) -> None:
    found = of_folder({"b.html": html_page().encode(), "1.png": png("图一")}, tmp_path)
    assert sorted(source.path for _, source in found) == ["1.png", "b.html"]


def test_without_the_extra_nothing_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (scans, joined, registry):
        monkeypatch.setattr(module, "ocr_is_installed", lambda: False)
    held = joined.HeldPages(LIMITS)
    assert list(held.join([(PAGE, page_source("b.html"))])) == [(PAGE, page_source("b.html"))]
    assert not registry.is_picture(png("图一"))


def test_a_page_with_all_cells_is_not_read_for_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "read_page", lambda *_: pytest.fail("the page is read"))
    whole = (page(PROACTIVE + img("1.png"), REQUESTS, REVIEW), page_source("b.html"))
    assert list(joined.HeldPages(LIMITS).join([whole])) == [whole]


@pytest.mark.slow
def test_a_form_in_a_picture_beside_its_page_is_read(tmp_path: Path) -> None:
    report = short_report()
    title, report.parts = report.parts[0], report.parts[1:]
    html = f"<html><body><h1>{title}</h1><p><img src='form.png'></p></body></html>".encode()
    for name, data in {"b.html": html, "form.png": picture(report)}.items():
        (tmp_path / name).write_bytes(data)
    ((_, parsed),) = parse_files(pages_in([tmp_path]), 1)
    assert not isinstance(parsed, GongkaiError)
    (read,) = parsed[1].reports
    assert {figure.name: str(figure.value) for figure in read.figures} == report.values
