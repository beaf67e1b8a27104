"""The report as RTF, as different programs write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.archive.readers.documents import parts

FONTS = r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f13\fnil\fcharset134 SimSun;}}"


def as_unicode(text: str) -> str:
    return "".join(f"\\u{ord(each)}?" if ord(each) > 126 else each for each in text)


def as_gbk(text: str) -> str:
    """Chinese characters as escaped bytes, with two of them for each fallback."""
    return "".join("".join(f"\\'{b:02x}" for b in each.encode("gbk")) if ord(each) > 126 else each for each in text)


def as_raw_gbk(text: str) -> str:
    """Chinese characters as bytes, shown as characters of Latin-1 here."""
    return text.encode("gbk").decode("latin-1")


def rtf(body: str, head: str = r"\ansi\ansicpg936" + FONTS) -> bytes:
    """A document with this body, in single bytes."""
    return f"{{\\rtf1{head}\n{body}}}".encode("latin-1")


def rtf_file(write: Callable[[str], str] = as_unicode) -> bytes:
    """The report with its tables as rows of cells."""
    return rtf("".join(rtf_part(part, write) for part in parts()))


def rtf_part(part: str | Iterable[Sequence[str]], write: Callable[[str], str] = as_unicode) -> str:
    """A paragraph, or a table row by row."""
    if isinstance(part, str):
        return f"\\pard\\plain\\f0 {write(part)}\\par\n"
    return "".join(
        r"\trowd\trgaph108"
        + "".join(f"\\cellx{1000 * (index + 1)}" for index in range(len(row)))
        + "".join(f"\\pard\\intbl {write(cell)}\\cell" for cell in row)
        + "\\row\n"
        for row in part
    )
