"""Finds agencies by name, part of a name, shortened name (海淀城管中心), pinyin (haidian) or initials (hdq)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from archive.errors import Ambiguous, NotFound
from archive.limits import bounded_cache
from archive.model import Agency, Report
from archive.text.match import fold_alnum
from archive.text.pinyin import in_letters, pinyin_spellings, spelling

# Agencies named in an error message.
_MOST_NAMED = 5
# The rank of names that a mixture of pinyin and initials matches; they are found only if no other name matches.
_MIXED_PINYIN = 6

# A search while typing compares the names of all agencies with each input.
_folded = bounded_cache(1 << 16)(fold_alnum)


class ReportSource(Protocol):
    """Agencies with their reports, as the catalogue provides them."""

    def agency(self, agency_id: str, /) -> Agency | None: ...
    def agencies(self) -> Sequence[Agency]: ...
    def report(self, agency: str, key: str, /) -> Report | None: ...
    def keys(self, agency: str, /) -> Sequence[str]: ...


def find_agencies(wanted: str, agencies: Iterable[Agency]) -> tuple[Agency, ...]:
    """The agencies that a word matches, best first: by id, whole name, part of a name, shortened name, pinyin.

    A mixture of pinyin and initials (haidianqjyj) matches only if nothing else does.
    """
    return tuple(agency for _, agency in _ranked(wanted, tuple(agencies)))


def one_agency(wanted: str, agencies: Sequence[Agency]) -> Agency:
    """The agency that a word matches best.

    Raises:
        GongkaiError: if no agency or several equally good ones match; the message names agencies.
    """
    ranked = _ranked(wanted, agencies)
    best = [agency for rank, agency in ranked if rank == ranked[0][0]]
    if len(best) == 1:
        return best[0]
    named = (best or agencies)[:_MOST_NAMED]
    zh = "、".join(f"{agency.name}（{agency.id}）" for agency in named)
    en = ", ".join(f"{agency.name} ({agency.id})" for agency in named)
    if best:
        raise Ambiguous(
            f"“{wanted}”可以指几个机关：{zh}。请写全名或编号。",
            f"“{wanted}” can mean several agencies: {en}. Give the whole name or the id.",
        )
    raise NotFound(
        f"没有叫“{wanted}”的机关。" + (f"档案里有：{zh}。" if agencies else "档案还是空的，请先 gongkai add。"),
        f"No agency is called “{wanted}”. "
        + (f"The archive has: {en}." if agencies else "The archive is empty; begin with gongkai add."),
    )


def one_report(agency: str, year: str, catalogue: ReportSource) -> Report:
    """The report of the agency that a word matches, by its year (or `undated-…`).

    Raises:
        GongkaiError: if the word does not match one agency, or the agency has no report on the year.
    """
    found = catalogue.agency(agency) or one_agency(agency, catalogue.agencies())
    report = catalogue.report(found.id, year)
    if report is None:
        keys = catalogue.keys(found.id)
        raise NotFound(
            f"{found.name}没有{year}年的报告。档案里有：{'、'.join(keys)}。",
            f"{found.name} has no report on {year}. The archive has: {', '.join(keys)}.",
        )
    return report


def _ranked(wanted: str, agencies: Sequence[Agency]) -> list[tuple[int, Agency]]:
    """The matching agencies with their ranks, the best (lowest) first."""
    word = fold_alnum(wanted)
    ranked = [(rank, agency) for agency in agencies if (rank := _rank(wanted, word, agency)) is not None]
    if not ranked and in_letters(word):
        mixed = spelling(word)
        spelled = [(agency, [pinyin_spellings(_folded(name.text)) for name in agency.names]) for agency in agencies]
        ranked = [(_MIXED_PINYIN, agency) for agency, names in spelled if any(map(mixed.search, names))]
    return sorted(ranked, key=lambda each: (each[0], each[1].id))


def _rank(wanted: str, word: str, agency: Agency) -> int | None:
    """How well an input, `word` in the folded form, matches an agency: 0 is the best, None no match."""
    if wanted == agency.id:
        return 0
    if not word:
        return None
    names = [_folded(name.text) for name in agency.names]
    is_latin = in_letters(word)
    tests = (
        word in names,
        any(word in name for name in names),
        not is_latin and any(_is_shortened(word, name) for name in names),
        is_latin and any(word in _pinyin(name) for name in names),
        is_latin and any(word in _initials(name) for name in names),
    )
    return next((rank for rank, matches in enumerate(tests, 1) if matches), None)


def _pinyin(name: str) -> str:
    return pinyin_spellings(name).replace(" ", "")


@bounded_cache(1 << 16)
def _initials(name: str) -> str:
    return "".join(syllable[0] for syllable in pinyin_spellings(name).split())


def _is_shortened(short: str, name: str) -> bool:
    """Whether the characters of a shortened name are in the name in the same order."""
    rest = iter(name)
    return len(short) > 1 and all(character in rest for character in short)
