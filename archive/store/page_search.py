"""Finds captured pages by the name of their file or by their address, as somebody types them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote

from archive.model import Source

_LONGEST = 500  # characters of an address
_QUOTES = " \u3000“”\"'「」<>《》"
# 'page.txt', '2018年度报告.pdf', 'www.example.gov.cn/art/2019/3/1/x.html'; not '2014..2018'
_FILE = re.compile(r".*\.[A-Za-z][A-Za-z0-9]{1,5}", re.DOTALL)
# 'http://www.example.gov.cn/', 'www.example.gov.cn/zwgk'
_ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_IN_FRONT = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)


def typed_page(text: str) -> str | None:
    """The name of a file or the address that a text consists of, None if it is neither."""
    name = text.strip(_QUOTES)
    if len(name) > _LONGEST or not (_FILE.fullmatch(name) or _ADDRESS.fullmatch(name)):
        return None
    return name


class PageNames:
    """Captured pages by file name, path and address. Case, `http://`, `www.` and a last slash make no difference."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._pages: defaultdict[str, list[str]] = defaultdict(list)
        for source in sources:
            names = {source.path.casefold(), source.path.rpartition("/")[2].casefold()}
            for name in names | ({_folded(source.url)} if source.url else set()):
                self._pages[name].append(source.sha256)

    def find(self, name: str) -> tuple[str, ...]:
        """The SHA-256 of each page with this name or address."""
        found = (self._pages.get(each, ()) for each in (name.casefold(), _folded(name)))
        return tuple(dict.fromkeys(page for pages in found for page in pages))


def _folded(address: str) -> str:
    """`http://www.a.gov.cn/%E5%85%AC/#top` as `a.gov.cn/公`."""
    text = unquote(address.partition("#")[0])
    return text[_IN_FRONT.match(text).end() :].rstrip("/").casefold()  # type: ignore[union-attr]  # matches ""
