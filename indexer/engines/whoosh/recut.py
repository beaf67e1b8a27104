"""Cutting only what changed, on all cores: it is most of the work of a build.

A text that stood in the replaced index word for word keeps its cut. What is left is cut in other processes when there
is enough of it; the pieces come back as their lengths.
"""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from archive import Report, Section, normal_form
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.texts import Cut, as_units
from indexer.words import Words

_BATCH = 50
"""Reports cut in one go."""
_FEW = 400_000
"""Characters that are sooner cut than a process is started."""
_CORES = os.cpu_count() or 1

Lengths = NDArray[np.int32]


class Cutter:
    """Cuts reports; `replaced` is the index to take cuts over from, built with the same dictionary."""

    def __init__(self, words: Words, replaced: Path | None = None) -> None:
        self._words = words
        self._line = functools.lru_cache(maxsize=100_000)(lambda line: tuple(map(len, words.cut(line))))
        self._columns = Columns(replaced / "columns") if replaced else None
        sections = range(self._columns.size) if self._columns else ()
        self._known = {_digest(self._columns.form(section)): section for section in sections if self._columns}
        self._executor: Executor | None = None
        self._done = 0

    def __enter__(self) -> Cutter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def cut_all(self, reports: Iterable[Report]) -> Iterator[tuple[Report, list[tuple[Cut, Cut]]]]:
        """Every report in its order, with running text and table cells of each section, cut."""
        waiting: deque[tuple[list[Report], list[str], Future[list[Lengths]]]] = deque()
        coming = iter(reports)
        while batch := list(islice(coming, _BATCH)):
            forms = [normal_form(section.text) for report in batch for section in report.sections]
            waiting.append((batch, forms, self._start([form for form in forms if self._taken_over(form) is None])))
            if len(waiting) > 2 * _CORES:
                yield from self._finished(*waiting.popleft())
        for cut in waiting:
            yield from self._finished(*cut)

    def _start(self, forms: list[str]) -> Future[list[Lengths]]:
        """Begins to cut texts: here as long as there were few, then in other processes."""
        self._done += sum(map(len, forms))
        if self._executor is None and self._done > _FEW and _CORES > 1:
            context = multiprocessing.get_context("spawn")  # threads may be running, which a fork would break
            self._executor = ProcessPoolExecutor(_CORES, context, Words, (self._words.cache,))
        if self._executor is not None:
            return self._executor.submit(_cut, forms)
        cut: Future[list[Lengths]] = Future()
        cut.set_result([_lengths(self._words.cut(form)) for form in forms])
        return cut

    def _finished(
        self, batch: list[Report], forms: list[str], cut: Future[list[Lengths]]
    ) -> Iterator[tuple[Report, list[tuple[Cut, Cut]]]]:
        lengths, ready = iter(cut.result()), iter(forms)
        for report in batch:
            cuts = []
            for section, form in zip(report.sections, ready, strict=False):
                taken = self._taken_over(form)
                text = Cut(section.text, form, next(lengths) if taken is None else taken)
                cuts.append((text, self._cells(section)))
            yield report, cuts

    def _taken_over(self, form: str) -> Lengths | None:
        """The pieces of a text as the replaced index has them."""
        section = self._known.get(_digest(form)) if self._known else None
        if section is None or self._columns is None or len(form) != len(as_units(form)):
            return None  # also where a character is two units, and ends are no offsets into the text
        return np.diff(self._columns.ends(section), prepend=0).astype(np.int32)

    def _cells(self, section: Section) -> Cut:
        """The table cells of a section, a line each; the labels of a form are cut once for all reports."""
        text = "\n".join(cell.text for table in section.tables for cell in table.cells() if cell.text)
        form = normal_form(text)
        pieces = [length for line in form.split("\n") for length in (*self._line(line), 1)]
        return Cut(text, form, pieces[:-1])


def _cut(forms: Sequence[str]) -> list[Lengths]:
    words = Words()
    return [_lengths(words.cut(form)) for form in forms]


def _lengths(pieces: Iterable[str]) -> Lengths:
    return np.fromiter(map(len, pieces), np.int32)


def _digest(form: str) -> bytes:
    return hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=16).digest()
