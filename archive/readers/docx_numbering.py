"""Computes the numbers of list paragraphs, which Word shows but does not store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Level:
    """The numbers of one level of a list: `pattern` is '%1、' or '(%2)', `write` None for a level without numbers."""

    pattern: str
    write: Callable[[int], str] | None
    start: int


class Numbers:
    """The lists of a document and their counters."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._lists = dict(_lists(numbering)) if numbering is not None else {}
        self._of_style = dict(_list_styles(styles)) if styles is not None else {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def label(self, list_id: str | None, level: str | None, style: str | None) -> str:
        """The number of the next paragraph with this list, level and style, empty if it has none."""
        default = 0
        if list_id is None:
            list_id, default = self._of_style.get(style or "", (None, 0))
        index = default if level is None else number_value(level)
        counter, levels = self._lists.get(list_id or "", ("", {}))
        if index is None or index not in levels:
            return ""
        counts = self._counts[counter]
        counts[index] = counts.get(index, levels[index].start - 1) + 1
        for deeper in [each for each in counts if each > index]:
            del counts[deeper]
        text = levels[index].pattern
        for other, each in levels.items():
            number = counts.get(other, each.start)
            text = text.replace(f"%{other + 1}", each.write(number) if each.write else "")
        return text if levels[index].write else ""


def _lists(numbering: etree._Element) -> Iterator[tuple[str, tuple[str, dict[int, _Level]]]]:
    """The id of each list with the name of its counter and its levels."""
    kinds = {
        kind.get(f"{W}abstractNumId", ""): {
            number_value(level.get(f"{W}ilvl")) or 0: _Level(
                child_value(level, "lvlText") or "",
                _FORMATS.get(child_value(level, "numFmt") or "decimal"),
                number_value(child_value(level, "start")) or 1,
            )
            for level in kind.findall(f"{W}lvl")
        }
        for kind in numbering.findall(f"{W}abstractNum")
    }
    for each in numbering.findall(f"{W}num"):
        kind_id, list_id = child_value(each, "abstractNumId") or "", each.get(f"{W}numId", "")
        # a restarted list has its own counter; other lists of one kind share a counter
        restarts = each.find(f"{W}lvlOverride/{W}startOverride") is not None
        yield list_id, (f"{kind_id}/{list_id}" if restarts else kind_id, kinds.get(kind_id, {}))


def _list_styles(styles: etree._Element) -> Iterator[tuple[str, tuple[str, int]]]:
    """The id of each style with a list, its list and level."""
    for style in styles.findall(f"{W}style"):
        if list_id := child_value(style, "pPr", "numPr", "numId"):
            level = number_value(child_value(style, "pPr", "numPr", "ilvl")) or 0
            yield style.get(f"{W}styleId", ""), (list_id, level)


def number_value(text: str | None) -> int | None:
    """A count in a file, None for other text and for counts of more than six digits."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None


def child_value(element: etree._Element, *path: str) -> str | None:
    """The attribute `val` of the element at a path."""
    child = element.find("/".join(f"{W}{name}" for name in path))
    return None if child is None else child.get(f"{W}val")


def _han(number: int) -> str:
    """十九 for 19; digits for numbers above 99, which reports do not use."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_HAN[tens]}十") + (_HAN[ones] if ones else "")


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= 20 else str(number)


# Formats of ST_NumberFormat (ECMA-376, 17.18.59) that reports use; bullets and other formats give no number.
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("decimal", "decimalFullWidth", "decimalHalfWidth"), str),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "taiwaneseCounting"), _han),
    **dict.fromkeys(("taiwaneseCountingThousand", "japaneseCounting", "ideographDigital"), _han),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
}
