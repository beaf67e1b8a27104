"""Regions of agencies: the values of the field `place`, and which of them a query means.

A value is the path of a division from its province down under its newest names: 河北省石家庄市正定县. A place that the
table of divisions lacks has the path that its name states. A name that several counties share is a value of its own:
朝阳区-unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, takewhile

from archive.cues.divisions import Division, called, is_vague, leading_parts, located, path
from archive.errors import Language
from archive.limits import bounded_cache
from archive.model import Agency
from archive.text.normalize import normal_form

UNKNOWN = "unknown"
"""The value for an agency whose name states no place, or one that can lie in several provinces."""
_UNKNOWN_LABELS = {"zh": "地区不明", "en": "Unknown"}
_DOUBTFUL_LABELS = {"zh": "（重名，所属不明）", "en": " (one of several)"}
_DOUBTFUL = f"-{UNKNOWN}"


def place_label(value: str, language: Language) -> str:
    """The name of a value of the field."""
    if value == UNKNOWN:
        return _UNKNOWN_LABELS[language]
    name = value.removesuffix(_DOUBTFUL)
    return value if name == value else f"{name}{_DOUBTFUL_LABELS[language]}"


def regions_of(agency: Agency, year: int | None) -> Iterator[str]:
    """The regions in which an agency lies in a year, the widest first, or that they are unknown."""
    if agency.place is None:
        yield from [UNKNOWN] if is_vague(agency.name) else []
        return
    yield from enclosing(agency.place, year)
    meanings = located(agency.place, year)
    if len(meanings) > 1 and not _shared(meanings):
        yield UNKNOWN


@bounded_cache(1 << 12)
def enclosing(place: str, year: int | None = None) -> tuple[str, ...]:
    """A place and the wider ones around it: 正定县 lies in 河北省 and 河北省石家庄市."""
    meanings, parts = located(place, year), leading_parts(normal_form(place))
    listed = [len(part.text) for part in parts if part.meanings]
    if len(meanings) > 1:
        return tuple(accumulate((*_shared(meanings), f"{place[sum(listed[:-1]) :]}{_DOUBTFUL}")))
    rest = "" if called(place) else place[sum(listed) :]
    return tuple(accumulate((*_shared(meanings), *_parts(rest))))


def is_unknown(asked: str) -> bool:
    """Whether a name is the one of agencies whose region is not known."""
    return normal_form(asked) in map(normal_form, (UNKNOWN, *_UNKNOWN_LABELS.values()))


def meant_places(known: Collection[str], asked: str) -> tuple[str, ...]:
    """The places that are meant: the one of that name, else those of the divisions of that name, else all that begin
    so, else all of which a part begins so. The name of a province never means a narrower place: 河北 is not 河北区."""
    form = normal_form(asked)
    if is_unknown(asked):
        return tuple({UNKNOWN} & {*known})
    if exact := tuple(place for place in known if normal_form(place) == form):
        return exact
    divisions = _asked(asked)
    regions = {_joined(division) for division in divisions}
    meant = tuple(place for place in known if place in regions or (_possible(place) and _possible(place) <= regions))
    if meant or any(division.level == "province" for division in divisions):
        return meant
    forms = {place: normal_form(place) for place in known if place != UNKNOWN}
    begun = tuple(place for place in forms if forms[place].startswith(form))
    return begun or tuple(place for place in forms if any(part.startswith(form) for part in _parts(forms[place])))


def doubtful_places(known: Collection[str], asked: str) -> tuple[str, ...]:
    """The places that are not meant but may lie in what is: 朝阳区 in 北京, as there is another one in 长春."""
    regions = tuple(map(_joined, _asked(asked))) or meant_places(known, asked)
    inside = {place: [each.startswith(regions) for each in _possible(place)] for place in known}
    return tuple(place for place, parts in inside.items() if any(parts) and not all(parts))


def _asked(asked: str) -> Sequence[Division]:
    divisions = called(asked)
    return [each for each in divisions if each.level == "province"] or divisions


@bounded_cache(1 << 14)
def _possible(place: str) -> frozenset[str]:
    """The paths that a place may have, if its name does not tell which."""
    meanings = located(place.removesuffix(_DOUBTFUL)) if place.endswith(_DOUBTFUL) else ()
    return frozenset(map(_joined, meanings)) if len(meanings) > 1 else frozenset()


def _joined(division: Division) -> str:
    return "".join(path(division))


def _shared(meanings: Sequence[Division]) -> tuple[str, ...]:
    """What the paths of divisions have in common from the beginning."""
    levels = zip(*map(path, meanings), strict=False)
    return tuple(names[0] for names in takewhile(lambda names: len({*names}) == 1, levels))


@bounded_cache(1 << 14)
def _parts(place: str) -> tuple[str, ...]:
    """The divisions that a place names, one in another."""
    texts, at = list[str](), 0
    for part in leading_parts(f"{normal_form(place)}。"):
        texts.append(place[at : at + len(part.text)])
        at += len(part.text)
    return (*texts, place[at:]) if at < len(place) else tuple(texts)
