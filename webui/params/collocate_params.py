"""Reads the words near an occurrence that a page counts or lists, and writes them back as URL parameters."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from indexer.answers.collocates import (
    COLLOCATE_ORDERS,
    MOST_WINDOW,
    SIDES,
    WINDOW,
    CollocateFilter,
    CollocateOptions,
    Window,
)
from webui.http.errors import ParameterError
from webui.params.search_params import LONGEST_VALUE
from webui.params.validators import read_number, read_one, read_values

MOST_COLLOCATES = 1_000
GROUPINGS = ("all", "year")


def read_collocate_options(
    arguments: MultiDict[str, str], most: int, largest: int = MOST_COLLOCATES
) -> CollocateOptions:
    """Reads window, side, order and grouping, and the number of words if the URL has one."""
    return CollocateOptions(
        _read_window(arguments),
        read_one(arguments, "order", COLLOCATE_ORDERS),
        read_number(arguments, "limit", most, largest),
        read_one(arguments, "by", GROUPINGS) == "year",
    )


def read_collocate_filter(arguments: MultiDict[str, str]) -> CollocateFilter | None:
    """Reads the word whose lines a concordance lists; None for a concordance of the query.

    Raises:
        ParameterError: for a window or a side without a word, which would not be applied.
    """
    words = read_values(arguments, "collocate", 1, LONGEST_VALUE)
    if words:
        return CollocateFilter.typed(words[0], _read_window(arguments))
    for name in ("window", "side"):
        if arguments.get(name):
            raise ParameterError(
                f"参数 {name} 只与参数 collocate（搭配词）一起使用。",
                f"The parameter {name} is used with the parameter collocate only.",
            )
    return None


def collocate_arguments(options: CollocateOptions) -> dict[str, str]:
    """The URL parameters of options without defaults and without the number of words."""
    order = {} if options.order == COLLOCATE_ORDERS[0] else {"order": str(options.order)}
    return window_arguments(options.window) | order | ({"by": "year"} if options.by_year else {})


def filter_arguments(collocate: CollocateFilter | None) -> dict[str, str]:
    """The URL parameters of a concordance of one word; `read_collocate_filter` is the inverse."""
    return {"collocate": collocate.word, **window_arguments(collocate.window)} if collocate else {}


def window_arguments(window: Window) -> dict[str, str]:
    size = {} if window.size == WINDOW else {"window": str(window.size)}
    return size | ({} if window.side == SIDES[0] else {"side": str(window.side)})


def _read_window(arguments: MultiDict[str, str]) -> Window:
    return Window(read_number(arguments, "window", WINDOW, MOST_WINDOW), read_one(arguments, "side", SIDES))
