"""Foreign formats read in a process of its own, which ends at the limits of time and memory and takes nothing along.

One such process serves one page after another, as starting it takes longer than most pages; it is replaced when it
had to be ended. What goes to and fro are pickles: the process is this program's own.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from archive.errors import GongkaiError
from archive.model import Page, Source
from archive.readers._archive import damaged
from archive.readers._packing import PackedPage, unpack
from archive.readers.limits import LIMITS, Limits

SIZE = 8
"""The length of each message stands before it, in so many bytes."""
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """A page to read; the media type of its source tells the reader."""

    data: bytes
    source: Source


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a page, a sentence for the user, or neither, where a library gave up on the content.

    `trouble` is then the traceback, for the log.
    """

    page: PackedPage | None = None
    sentence: tuple[str, str] | None = None
    trouble: str = ""
    out_of_memory: bool = False


def read_limited(request: Request, limits: Limits = LIMITS) -> Page:
    """The page, read within the limits.

    Raises:
        GongkaiError: for what the reader itself refuses, a damaged file, and one that goes beyond the limits.
    """
    with _LOCK:
        answer = _worker(limits).ask(request)
    if answer.page is not None:
        return unpack(answer.page)
    if answer.sentence is not None:
        raise GongkaiError(*answer.sentence)
    if answer.out_of_memory:
        path, memory = request.source.path, limits.memory >> 20
        raise GongkaiError(
            f"读 {path} 需要的内存超过 {memory} MB,已停止。可设 GONGKAI_READ_MEMORY(MB)放宽。",
            f"Reading {path} takes more than {memory} MB of memory and was stopped. "
            "Set GONGKAI_READ_MEMORY (in MB) to allow more.",
        )
    _LOG.info("%s could not be read\n%s", request.source.path, answer.trouble)
    raise damaged(request.source)


@dataclass(slots=True)
class _Worker:
    """The process that reads, and its owner: a copy of this program made by fork needs one of its own."""

    limits: Limits
    owner: int = field(default_factory=os.getpid)
    process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Request) -> Answer:
        process = self._running()
        deadline = time.monotonic() + self.limits.seconds
        message = pickle.dumps(request)
        try:
            _write(process, len(message).to_bytes(SIZE) + message, deadline)
            size = int.from_bytes(_read(process, SIZE, deadline))
            answer = pickle.loads(_read(process, size, deadline))  # noqa: S301 (from our own process)
        except TimeoutError as error:
            self.end()
            seconds, path = self.limits.seconds, request.source.path
            raise GongkaiError(
                f"{path} 读了 {seconds:g} 秒还没有读完,已停止。可设 GONGKAI_READ_SECONDS 放宽。",
                f"{path} was not read after {seconds:g} seconds and was stopped. "
                "Set GONGKAI_READ_SECONDS to allow more.",
            ) from error
        except (EOFError, OSError):  # the system ended it, at its limit of memory or in a library's crash
            self.end()
            return Answer(out_of_memory=True)
        except BaseException:  # an answer that is never fetched would be taken for the next one
            self.end()
            raise
        if not isinstance(answer, Answer):
            raise TypeError(answer)
        if answer.out_of_memory:
            self.end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            environment["GONGKAI_READ_MEMORY"] = str(self.limits.memory / (1 << 20))
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "archive.readers._reading_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
            # its start is not the page's: the first byte says that it is ready
            with contextlib.suppress(EOFError, TimeoutError):
                _read(self.process, 1, time.monotonic() + _START_SECONDS)
        return self.process

    def end(self) -> None:
        """Ends the process and whatever it started."""
        process, self.process = self.process, None
        if process is None or self.owner != os.getpid():
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


_LOG = logging.getLogger(__name__)
_START_SECONDS = 60.0
_LOCK = threading.Lock()
_workers: dict[Limits, _Worker] = {}


def _worker(limits: Limits) -> _Worker:
    found = _workers.get(limits)
    if found is None or found.owner != os.getpid():
        found = _workers[limits] = _Worker(limits)
    return found


@atexit.register
def end_all() -> None:
    """Ends every process that reads."""
    for worker in _workers.values():
        worker.end()


def _write(process: subprocess.Popen[bytes], message: bytes, deadline: float) -> None:
    assert process.stdin  # noqa: S101 (opened as a pipe)
    view = memoryview(message)
    pipe = process.stdin.fileno()
    while view:
        _, ready, _ = select.select([], [pipe], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        view = view[os.write(pipe, view[: select.PIPE_BUF]) :]


def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    assert process.stdout  # noqa: S101 (opened as a pipe)
    pipe = process.stdout.fileno()
    message = bytearray()
    while len(message) < size:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        chunk = os.read(pipe, min(_STEP, size - len(message)))
        if not chunk:
            raise EOFError
        message += chunk
    return bytes(message)
