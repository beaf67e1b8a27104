"""Pages of a list: which items are on a page, and which pages it links to."""

from __future__ import annotations


def last_page(count: int, size: int) -> int:
    """The number of the last page of `count` items; an empty list has one page."""
    return max(1, -(-count // size))


def on_page(page: int, size: int) -> slice:
    """The items on a page, counted from 1."""
    return slice((page - 1) * size, page * size)


def pages_near(page: int, last: int) -> tuple[int | None, ...]:
    """The first page, the last page and those around this one; None is a gap."""
    near = sorted({1, last, *range(page - 2, page + 3)} & set(range(1, last + 1)))
    pages: list[int | None] = []
    for number in near:
        if pages and number != (pages[-1] or 0) + 1:
            pages.append(None)
        pages.append(number)
    return tuple(pages)
