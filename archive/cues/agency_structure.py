"""Recognises the name of an agency by its structure: a division, then a body with a known ending.

What stands in front of the name, such as a label or a verb, is cut off; a text without the structure is refused, since
each accepted name becomes an agency of the archive (`rules/agency_names.toml`).
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from archive.cues.divisions import called, full_name_at, leading_parts
from archive.limits import bounded_cache
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.text.pinyin_annotations import strip_annotations

Position = Literal["title", "line", "text"]
"""Where a candidate stands: in a title, which ends where the name ends; on a line of its own; inside a sentence."""

# Characters of the shortest division inside a text; 和县 and 郊区 occur by accident.
_SHORTEST_DIVISION = 3
_SHORTEST, _LONGEST, _LONGEST_CANDIDATE = 3, 45, 200
_LEVEL = re.compile("[市县区旗盟镇乡]")
_JOINING = re.compile("[、和与及(]")
_EDGES = " -_:|·>、"


@bounded_cache(1 << 14)
def name_in(text: str, position: Position) -> str | None:
    """The name in a candidate, as printed but without pinyin annotations; None if the candidate has no such structure.

    >>> name_in("标题西藏自治区人民政府", "title")
    '西藏自治区人民政府'
    """
    if len(text) > _LONGEST_CANDIDATE:
        return None
    printed = strip_annotations(text)[0].strip(_EDGES)
    form = fold(printed)
    start = _start(form, position)
    return printed[start:] if start is not None and _is_name(form[start:], position) else None


def _start(form: str, position: Position) -> int | None:
    """The offset of the name in a candidate; None if a word of a sentence precedes its division."""
    head = form.partition("(")[0]
    if begins_with_division(head):
        return _repeated(head)
    start = max((match.end() for pattern in _patterns("lead") for match in pattern.finditer(head)), default=0)
    place = next((at for at in range(start, len(head)) if _divides(head, at)), None)
    if place is None or _precedes_division(head[start:place]) or called(head[start:place]):
        return start
    # in a sentence, an unknown word before the division is a preposition or a verb: 对某市教育局
    return place if position != "text" else None


def begins_with_division(form: str) -> bool:
    """Whether a folded text begins with a division of the table, in full."""
    return any(part.meanings for part in leading_parts(f"{form}。"))


def _precedes_division(form: str) -> bool:
    """Whether a text is the name of a body before that of a division: 国家税务总局某市税务局."""
    return rulebook("agency_names.toml")["before_place"]["pattern"].fullmatch(form) is not None


def _divides(form: str, at: int) -> bool:
    division = full_name_at(form, at)
    return division is not None and len(division) >= _SHORTEST_DIVISION


def _repeated(form: str) -> int:
    """The offset at which a text begins again with its division: the name of the site, then that of the agency."""
    division = leading_parts(f"{form}。")[0].text
    again = form.find(division, len(division))
    return again if again > 0 and not _JOINING.search(form, again - 1, again) else 0


def _is_name(name: str, position: Position) -> bool:
    core = re.sub(r"\([^()]*\)$", "", name)
    places = (at for at in range(len(core)) if _divides(core, at))
    listed = begins_with_division(core) or any(_precedes_division(core[:at]) for at in places)
    is_short = position != "text" and rulebook("agency_names.toml")["short"]["pattern"].fullmatch(core) is not None
    if not (len(core) >= _SHORTEST or listed or is_short) or len(name) > _LONGEST:
        return False
    if any(pattern.search(core) for pattern in _patterns("refused")) or re.search(r"[,。;!?\"]", core):
        return False
    if is_injected(name):
        return False
    ends = core.endswith(_endings(position))
    if listed:
        return ends or position == "title"
    rules = rulebook("agency_names.toml")
    if rules["generic"]["pattern"].fullmatch(core):
        return False
    if any(rule["pattern"].fullmatch(core) for rule in rules["placeless"]):
        return ends or position == "title"
    if any(called(core[:end]) for end in (2, 3, 4)):  # a division for short: 台州电业局
        return ends
    # 黄河水利委员会: a body without a division, where nothing but a name stands
    is_alone = position != "text" and not _LEVEL.search(core)
    return ends and is_alone and not rulebook("agencies.toml")["vague"]["pattern"].match(core)


def is_injected(text: str) -> bool:
    """Whether a text has advertising in it (`rules/injected.toml`)."""
    return any(rule["pattern"].search(fold(text)) for rule in rulebook("injected.toml")["injected"])


def _endings(position: Position) -> tuple[str, ...]:
    endings: tuple[str, ...] = rulebook("agencies.toml")["endings"]
    return endings if position == "text" else endings + rulebook("agency_names.toml")["title_endings"]


@functools.cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(rule["pattern"] for rule in rulebook("agency_names.toml")[key])
