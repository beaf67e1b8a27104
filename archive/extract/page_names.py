"""Finds the agency's name on the page around a report: in the title of the page and in its breadcrumb."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.cues.agency_structure import name_in
from archive.cues.divisions import states_place
from archive.cues.titles import read_title
from archive.model import Page
from archive.rulebook import rulebook
from archive.text.match import fold

# '2015年…报告-某市水利局', '首页 > 部门 > 某市水利局 > 年报'
_BETWEEN = re.compile(r"[-_|—–>»＞:：]+")
# Blocks at the head of a page that can be its breadcrumb.
_HEAD = 30


def names_around(page: Page) -> tuple[str, ...]:
    """The names in the title of a page and in its breadcrumb, the innermost first, without those of governments."""
    breadcrumb = rulebook("agency_mentions.toml")["breadcrumb"]["pattern"]
    lines = (block.text for block in page.blocks[:_HEAD] if breadcrumb.match(fold(block.text)))
    return tuple(name for line in (page.metadata.get("title", ""), *lines) for name in _names(line))


def is_department(name: str) -> bool:
    """Whether a name states its place and is not that of a government, whose site serves all agencies under it."""
    government = rulebook("agency_mentions.toml")["government"]["pattern"]
    return states_place(name) and government.search(fold(name)) is None


def _names(line: str) -> Iterator[str]:
    site = rulebook("agency_mentions.toml")["site"]["pattern"]
    for part in reversed(_BETWEEN.split(line)):
        text = part.strip()
        title = read_title(text)
        name = name_in(title.agency, "title") if title and title.agency else name_in(site.sub("", text), "line")
        if name and is_department(name):
            yield name
