"""Parses foreign bytes in processes of their own, which end at the limits of time and memory and take nothing along."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import GongkaiError, LimitExceeded, UnreadableSource
from archive.ingest.process import WorkerError, WorkerProcess, worker
from archive.ingest.protocol import (
    Answer,
    ContainerEnded,
    ContainerOpened,
    CutContainer,
    DocumentsFound,
    Faulted,
    FindDocuments,
    PageParsed,
    ParsePage,
    ReadingOn,
    RecordCut,
    Refused,
)
from archive.limits import LIMITS, Limits
from archive.model import Reading, Source
from archive.notices import message
from archive.readers.containers import Capture

_LOG = logging.getLogger(__name__)


class NotAContainerError(Exception):
    """The file is one page."""


class _ReportedError(Exception):
    """A page of a container failed to load; its sentence was given in its place."""


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page whose size is known and whose bytes are not in memory yet; load it before fetching the next one."""

    size: int
    load: Callable[[], Capture | GongkaiError]


def parse_in_sandbox(data: bytes, source: Source, limits: Limits = LIMITS) -> Reading:
    """Parses bytes as `parse_source` does, within the limits; any number of threads may call it at once.

    Raises:
        GongkaiError: for what the reader refuses, a damaged file, one beyond the limits, a crash and a fault of ours.
    """
    result = try_in_sandbox(data, source, limits)
    if isinstance(result, GongkaiError):
        raise result
    return result


def try_in_sandbox(data: bytes, source: Source, limits: Limits = LIMITS) -> Reading | GongkaiError:
    """As `parse_in_sandbox`, with errors returned: an error that was raised keeps the page in memory."""
    try:
        with worker(limits) as process:
            answer = process.ask(ParsePage(source, len(data)), data)
            while isinstance(answer, ReadingOn):
                answer = process.next_answer()
            return _with_source(answer.reading, source) if isinstance(answer, PageParsed) else _error_of(answer, source)
    except WorkerError as failure:
        return _failed(failure, source, limits)


def documents_in_sandbox(data: bytes, source: Source, limits: Limits = LIMITS) -> DocumentsFound:
    """What has the report of a page, or its tables; nothing if the page cannot be read, as its reading says."""
    try:
        with worker(limits) as process:
            answer = process.ask(FindDocuments(source, len(data)), data)
    except WorkerError:
        return DocumentsFound()
    return answer if isinstance(answer, DocumentsFound) else DocumentsFound()


def cut_in_sandbox(path: Path, source: Source, limits: Limits = LIMITS) -> Iterator[PendingPage | GongkaiError]:
    """The pages of a container in order, cut by another process; a record that cannot be read is its sentence.

    Raises:
        NotAContainerError: by the first step.
    """
    is_container = True
    try:
        with worker(limits) as process:
            answer = process.ask(CutContainer(os.fsencode(path.absolute()), source))
            is_container = answer != ContainerOpened(is_container=False)
            while is_container and not isinstance(answer, ContainerEnded | Faulted):
                if isinstance(answer, RecordCut):
                    page = _Record(process, answer, source)
                    yield PendingPage(answer.size, page.load)
                    if page.has_failed:
                        raise _ReportedError
                elif not isinstance(answer, ContainerOpened | ReadingOn):
                    yield _error_of(answer, source)
                answer = process.next_answer()
            if isinstance(answer, Faulted):
                yield _error_of(answer, source)
    except WorkerError as failure:
        yield _failed(failure, source, limits)
    except _ReportedError:
        return
    if not is_container:
        raise NotAContainerError


class _Record:
    """A page of a container whose bytes are still in the pipe."""

    def __init__(self, process: WorkerProcess, record: RecordCut, container: Source) -> None:
        if record.size > process.limits.size or record.source.agency != container.agency:
            raise WorkerError.invalid_answer()
        self._process = process
        self._record = record
        self.has_failed = False

    def load(self) -> Capture | GongkaiError:
        source = self._record.source
        try:
            data = self._process.read_page(self._record.size)
            if hashlib.sha256(data).hexdigest() != source.sha256:
                raise WorkerError.invalid_answer()
        except WorkerError as failure:
            self.has_failed = True
            return _failed(failure, source, self._process.limits)
        return data, source


def _with_source(reading: Reading, source: Source) -> Reading:
    """The reading with the source as it was sent: the process decides only on the media type.

    Raises:
        WorkerError: if a notice cannot be put in words.
    """
    source = replace(source, media_type=reading.source.media_type)
    reports = tuple(replace(report, source=source) for report in reading.reports)
    try:
        for notice in (*reading.notices, *(notice for report in reports for notice in report.notices)):
            message(notice, "zh"), message(notice, "en")
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise WorkerError.invalid_answer(error) from error
    return replace(reading, source=source, reports=reports)


def _error_of(answer: Answer, source: Source) -> GongkaiError:
    """The sentence in an answer.

    Raises:
        WorkerError: if the answer does not belong to the request.
    """
    if isinstance(answer, Refused):
        return answer.exception()
    if not isinstance(answer, Faulted):
        raise WorkerError.invalid_answer()
    _LOG.info("%s could not be read\n%s", source.path, answer.traceback)
    last = answer.traceback.strip().rpartition("\n")[2]
    return UnreadableSource(
        f"读 {source.path} 时程序出错（{last}），没有读成。这是程序的错误，请把页面和这句话报告给我们。",
        f"The program failed while reading {source.path} ({last}). This is a fault of the program; "
        "please report it with the page and this sentence.",
    )


def _failed(failure: WorkerError, source: Source, limits: Limits) -> GongkaiError:
    """The sentence for a process that reached a limit or crashed."""
    if failure.cause == "time":
        return LimitExceeded(
            f"{source.path} 读了 {limits.seconds:g} 秒还没有读完，已停止。可设 GONGKAI_READ_SECONDS 放宽。",
            f"{source.path} was not read after {limits.seconds:g} seconds and was stopped. "
            "Set GONGKAI_READ_SECONDS to allow more.",
        )
    if failure.cause == "memory":
        memory = limits.memory >> 20
        return LimitExceeded(
            f"读 {source.path} 需要的内存超过 {memory} MB，已停止。可设 GONGKAI_READ_MEMORY（MB）放宽。",
            f"Reading {source.path} takes more than {memory} MB of memory and was stopped. "
            "Set GONGKAI_READ_MEMORY (in MB) to allow more.",
        )
    zh, en = (f"：{failure.words}", f": {failure.words}") if failure.words else ("", "")
    return UnreadableSource(
        f"读 {source.path} 的进程崩溃（{failure.zh}{zh}），没有读成。请把页面和这句话报告给我们。",
        f"The process that read {source.path} crashed ({failure.en}{en}); the page was not read. "
        "Please report it with the page and this sentence.",
    )
