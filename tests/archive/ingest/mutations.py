"""Files of every format, broken in every way: cut, flipped, their pieces swapped and doubled, outside and inside."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping

from tests.archive.pages import form_report
from tests.archive.readers.documents import docx_file, html_page, ofd_report, pdf_file, warc_file, zip_file
from tests.archive.readers.rtf_documents import rtf_file
from tests.archive.readers.workbooks import report_rows, xls_file, xlsx_file

Change = Callable[[bytes, random.Random], bytes]


def originals() -> Mapping[str, bytes]:
    """A good file of each format, by the end of its name."""
    pages = [
        ("https://qinghe.example/1.html", "text/html", html_page().encode("gb18030")),
        ("https://qinghe.example/2.pdf", "application/pdf", pdf_file()),
        ("https://qinghe.example/3.docx", "application/octet-stream", docx_file()),
    ]
    return {
        "txt": "\n".join(form_report()).encode(),
        "gbk.txt": "\n".join(form_report(style="bars_within")).encode("gb18030"),
        "utf16.txt": "\n".join(form_report(style="spaced")).encode("utf-16"),
        "html": html_page().encode(),
        "pdf": pdf_file(),
        "docx": docx_file(),
        "ofd": ofd_report(),
        "rtf": rtf_file(),
        "xlsx": xlsx_file({"Sheet1": report_rows()[0]}, report_rows()[1]),
        "xls": xls_file(*report_rows()),
        "zip": zip_file({"2021/报告.html": html_page().encode("gb18030")}),
        "warc": warc_file(pages, packed=False),
        "warc.gz": warc_file(pages),
    }


def cut(data: bytes, chance: random.Random) -> bytes:
    """A piece of it: the beginning, the end or the middle."""
    start = chance.choice([0, chance.randrange(len(data))])
    return data[start : chance.randrange(start, len(data)) + 1]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Some bytes replaced by others."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 5, 50, len(data) // 50 + 1])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def swap(data: bytes, chance: random.Random) -> bytes:
    """Two pieces in each other's place."""
    first, second, third, fourth = sorted(chance.randrange(len(data) + 1) for _ in range(4))
    return data[:first] + data[third:fourth] + data[second:third] + data[first:second] + data[fourth:]


def double(data: bytes, chance: random.Random) -> bytes:
    """A piece of it twice, or many times."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice([4, 100, 5000])]
    return data[:start] + piece * chance.choice([2, 20, 1000]) + data[start + len(piece) :]


OUTSIDE: tuple[Change, ...] = (cut, flip, swap, double)


def inside(data: bytes, chance: random.Random) -> bytes:
    """What a packed file holds changed, and packed again; one that is not packed changed as it lies."""
    change = chance.choice(OUTSIDE)
    if data.startswith(b"\x1f\x8b"):
        return gzip.compress(change(gzip.decompress(data), chance))
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return change(data, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        changed = chance.choice([name for name in old.namelist() if old.read(name)])
        for name in old.namelist():
            new.writestr(name, change(old.read(name), chance) if name == changed else old.read(name))
    return made.getvalue()


def mutations(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """So many broken files, each under a name that says its number, format and changes; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    good = list(originals().items())
    for number in range(count):
        suffix, data = good[number % len(good)]
        further = chance.choice([0, 0, 1, 2])  # what is broken outside cannot be opened to be broken inside
        changes = [chance.choice((*OUTSIDE, inside)), *chance.choices(OUTSIDE, k=further)]
        for change in changes:
            data = change(data, chance) or b"\x00"
        yield f"{number:05}-{'-'.join(change.__name__ for change in changes)}.{suffix}", data
