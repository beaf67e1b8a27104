"""Agencies found as people name them: in full, shortened (海淀城管中心), in pinyin (haidian) or by initials (hdq)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from archive.errors import Ambiguous, NotFound
from archive.limits import bounded_cache
from archive.model import Agency, Report
from archive.text.match import fold_alnum
from archive.text.pinyin import in_letters, pinyin_spellings, spelling


class ReportSource(Protocol):
    """Agencies with their reports, as the catalogue provides them."""

    def agency(self, agency_id: str, /) -> Agency | None: ...
    def agencies(self) -> Sequence[Agency]: ...
    def report(self, agency: str, key: str, /) -> Report | None: ...
    def keys(self, agency: str, /) -> Sequence[str]: ...


def find_agencies(wanted: str, agencies: Iterable[Agency]) -> tuple[Agency, ...]:
    """The agencies that a word can mean, best first: the id, a whole name, a part of one, a shortened one, pinyin.

    Pinyin that goes over into initials (haidianqjyj) means something only where nothing else does: a word that has a
    plain meaning keeps it.
    """
    agencies, word = tuple(agencies), fold_alnum(wanted)
    ranked = [(rank, agency.id, agency) for agency in agencies if (rank := _rank(wanted, word, agency)) is not None]
    return tuple(agency for _, _, agency in sorted(ranked, key=lambda each: each[:2])) or _spelled_so(word, agencies)


def one_agency(wanted: str, agencies: Sequence[Agency]) -> Agency:
    """The one agency that a word means.

    Raises:
        GongkaiError: when none fits, or several fit equally well; the sentence names them.
    """
    found, word = find_agencies(wanted, agencies), fold_alnum(wanted)
    best = [agency for agency in found if _rank(wanted, word, agency) == _rank(wanted, word, found[0])]
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
    """The report of the agency that a word means on a year (or `undated-…`).

    Raises:
        GongkaiError: for a word that means no agency or several, and a year that is not held; it names those that are.
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


_MOST_NAMED = 5


def _rank(wanted: str, word: str, agency: Agency) -> int | None:
    """How well what is wanted, `word` in its bare form, fits an agency, 0 the best; None where it does not."""
    if wanted == agency.id:
        return 0
    if not word:
        return None
    names = [_bare(name.text) for name in agency.names]
    latin = in_letters(word)
    tests = (
        any(word == name for name in names),
        any(word in name for name in names),
        not latin and any(_is_shortened(word, name) for name in names),
        latin and any(word in _letters(name)[0] for name in names),
        latin and any(word in _letters(name)[1] for name in names),
    )
    return next((rank for rank, fits in enumerate(tests, 1) if fits), None)


def _spelled_so(word: str, agencies: Sequence[Agency]) -> tuple[Agency, ...]:
    if not in_letters(word):
        return ()
    found = spelling(word)
    return tuple(
        sorted(
            (
                agency
                for agency in agencies
                if any(found.search(pinyin_spellings(_bare(name.text))) for name in agency.names)
            ),
            key=lambda agency: agency.id,
        )
    )


_bare = bounded_cache(1 << 16)(fold_alnum)
"""The names of all agencies are compared with each letter that somebody types."""


@bounded_cache(1 << 16)
def _letters(name: str) -> tuple[str, str]:
    """A name in pinyin, and by its initials."""
    syllables = pinyin_spellings(name).split()
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _is_shortened(short: str, name: str) -> bool:
    """Whether the characters of one stand in the other in their order, the first ones near its beginning."""
    rest = iter(name)
    return len(short) > 1 and all(character in rest for character in short)
