"""The numbers that Word sets before paragraphs and stores nowhere: counted as Word counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: `pattern` is '%1、' or '(%2)'."""

    pattern: str
    write: Callable[[int], str] | None
    start: int


class Numbers:
    """The lists of a document and how far each has been counted."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, list_id: str | None, level: str | None, style: str | None) -> str:
        """The number of the next paragraph of that list and level, as it is printed; nothing for one without."""
        given = self._of_style.get(style or "")
        if list_id is None and given is None:
            return ""
        at = number_value(level) if level is not None else (given[1] if given and list_id is None else 0)
        name, levels = self._lists.get(list_id if list_id is not None else given[0] if given else "", ("", {}))
        if at is None or at not in levels:
            return ""
        counts = self._counts[name]
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        text = levels[at].pattern
        for index, each in levels.items():
            number = counts.get(index, each.start)
            text = text.replace(f"%{index + 1}", each.write(number) if each.write else "")
        return text if levels[at].write else ""

    def _read_lists(self, numbering: etree._Element) -> None:
        kinds: dict[str, dict[int, _Level]] = {}
        for kind in numbering.findall(f"{_W}abstractNum"):
            kinds[kind.get(f"{_W}abstractNumId", "")] = {
                number_value(level.get(f"{_W}ilvl")) or 0: _Level(
                    _value(level, "lvlText") or "",
                    _FORMATS.get(_value(level, "numFmt") or "decimal"),
                    number_value(_value(level, "start")) or 1,
                )
                for level in kind.findall(f"{_W}lvl")
            }
        for one in numbering.findall(f"{_W}num"):
            kind_id = _value(one, "abstractNumId") or ""
            # a restarted list has its own counter; other lists of one kind share a counter
            restarts = one.find(f"{_W}lvlOverride/{_W}startOverride") is not None
            list_id = one.get(f"{_W}numId", "")
            self._lists[list_id] = (f"{kind_id}/{list_id}" if restarts else kind_id, kinds.get(kind_id, {}))

    def _read_styles(self, styles: etree._Element) -> None:
        for style in styles.findall(f"{_W}style"):
            numbered = style.find(f"{_W}pPr/{_W}numPr")
            if numbered is not None and (list_id := _value(numbered, "numId")):
                level = number_value(_value(numbered, "ilvl")) or 0
                self._of_style[style.get(f"{_W}styleId", "")] = list_id, level


def number_value(text: str | None) -> int | None:
    """A count as a file gives it, None where it is none; longer ones than any list has are none either."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val")


def _han(number: int) -> str:
    """十九 for 19; beyond 99 the digits, as no report counts so far."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_HAN[tens]}十") + (_HAN[ones] if ones else "")


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= 20 else str(number)


# Formats of ST_NumberFormat (ECMA-376, 17.18.59) that reports use; bullets and the rest print no number here.
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": str,
    "decimalHalfWidth": str,
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "taiwaneseCounting": _han,
    "taiwaneseCountingThousand": _han,
    "japaneseCounting": _han,
    "ideographDigital": _han,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
}
