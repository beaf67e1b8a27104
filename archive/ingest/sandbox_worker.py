"""The process that parses: takes pages and containers on stdin, answers on stdout, ends at its limits."""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import BinaryIO

from archive.errors import GongkaiError
from archive.extract.pipeline import parse_source
from archive.ingest.protocol import (
    LENGTH,
    OUT_OF_MEMORY,
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
    decode_order,
    encode,
)
from archive.limits import LIMITS, on_progress
from archive.model import Source
from archive.readers.containers import container_reader, damaged
from archive.readers.zips.joined import HeldPages, wanted_parts

_STDERR = 2
# Runs beside the process, in its process group: ends the group, LibreOffice included, when the program has ended,
# whatever the process is doing. Nothing is ever written to the pipe that it reads.
_GUARD = ("/bin/sh", "-c", "read -r _; kill -KILL 0")


def main() -> None:
    """Reads until stdin ends or memory runs out. Output of libraries is discarded: stdout is for the answers."""
    _start_guard(int(sys.argv[1]))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    sys.stderr = os.fdopen(silence, "w")  # Python's own; what native code prints last is for the program to read
    faulthandler.enable(_STDERR, all_threads=False)
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory + LIMITS.ocr_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Pages make hundreds of thousands of objects that live to the end; looking for cycles among them doubles the time.
    gc.disable()
    gc.freeze()
    answers.write(b"\n")
    answers.flush()
    try:
        _Worker(sys.stdin.buffer, answers).run()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:
        os.write(_STDERR, traceback.format_exc().encode("utf-8", "replace"))
        os._exit(1)


def _start_guard(lifeline: int) -> None:
    subprocess.Popen(_GUARD, stdin=lifeline, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    os.close(lifeline)


class _Worker:
    """Carries out orders. Its clock runs while it parses, and stops while it waits for the program."""

    def __init__(self, orders: BinaryIO, answers: BinaryIO) -> None:
        self._orders = orders
        self._answers = answers
        self._path, self._began = "", 0.0
        on_progress(self._read_on)

    def run(self) -> None:
        while head := self._orders.read(LENGTH):
            order = decode_order(self._orders.read(int.from_bytes(head)))
            if isinstance(order, ParsePage | FindDocuments):
                data = self._orders.read(order.size)
                answer = _parse if isinstance(order, ParsePage) else _find_documents
                self._path, self._began = order.source.path, time.monotonic()
                _start_clock()
                self._send(answer(data, order.source))
            else:
                self._cut(order)
            _stop_clock()
            gc.collect()
            gc.freeze()  # what is left are rules and caches, which no later collection has to look through

    def _send(self, answer: Answer, data: bytes = b"") -> None:
        try:
            head = encode(answer)
        except UnicodeEncodeError:  # lone surrogates, which no text in a known encoding has
            if isinstance(answer, DocumentsFound):
                head = encode(DocumentsFound())
            else:
                assert isinstance(answer, PageParsed | RecordCut)  # noqa: S101
                source = answer.reading.source if isinstance(answer, PageParsed) else answer.source
                head, data = encode(Refused.by(damaged(source))), b""
        _stop_clock()
        self._answers.write(head)
        self._answers.write(data)
        self._answers.flush()
        _start_clock()

    def _read_on(self) -> None:
        """Restarts the clock between two parts of a picture, until all pictures of a page have taken too long."""
        if time.monotonic() - self._began > LIMITS.ocr_seconds:
            raise LIMITS.too_slow(self._path)
        self._send(ReadingOn())

    def _cut(self, order: CutContainer) -> None:
        self._path, self._began = order.source.path, time.monotonic()
        _start_clock()
        try:
            with Path(os.fsdecode(order.path)).open("rb") as file:
                reader = container_reader(file)
                self._send(ContainerOpened(reader is not None))
                if reader is None:
                    return
                held = HeldPages(LIMITS)
                for found in held.join(reader(file, order.source, LIMITS, wants=held.wants)):
                    if found is None:
                        self._send(ReadingOn())
                    elif isinstance(found, GongkaiError):
                        self._send(Refused.by(found))
                    else:
                        self._send(RecordCut(found[1], len(found[0])), found[0])
                    self._began = time.monotonic()
        except MemoryError:
            raise
        except Exception:
            self._send(Faulted(traceback.format_exc()))
        else:
            self._send(ContainerEnded())


def _start_clock() -> None:
    """Kills the process at the limit of time, even inside native code, and where the program stopped looking."""
    signal.setitimer(signal.ITIMER_REAL, LIMITS.seconds)


def _stop_clock() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)


def _parse(data: bytes, source: Source) -> Answer:
    try:
        return PageParsed(parse_source(data, source))
    except GongkaiError as error:
        return Refused.by(error)
    except MemoryError:  # what is left of it may not be enough to say so
        raise
    except Exception:
        return Faulted(traceback.format_exc())


def _find_documents(data: bytes, source: Source) -> Answer:
    try:
        wanted = wanted_parts((data, source))
        return DocumentsFound(tuple(wanted.documents), tuple(wanted.pictures), tuple(wanted.images))
    except MemoryError:
        raise
    except Exception:
        return Faulted(traceback.format_exc())


if __name__ == "__main__":
    main()
