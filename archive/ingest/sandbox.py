"""Pages read in processes of their own, which end at the limits of time and memory and take nothing along.

One such process serves one page after another, as starting it takes longer than most pages; it is replaced when it
had to be ended. Messages are pickles: both ends are this program.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import pickle
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict

from archive.errors import GongkaiError, LimitExceeded, UnreadableSource
from archive.limits import LIMITS, Limits
from archive.model import Reading, Source

SIZE = 8
"""The length of each message stands before it, in so many bytes."""
Answer = Reading | GongkaiError | str
"""What a page says, the sentence that says why it cannot be read, or the traceback of a fault."""
_STEP = 1 << 20
_START_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


def parse_in_sandbox(data: bytes, source: Source, limits: Limits = LIMITS) -> Reading:
    """What some bytes say, as `parse_source` does, read within the limits; any number of threads may ask at once.

    Raises:
        GongkaiError: for what the reader refuses, a damaged file, one that goes beyond the limits, and a fault of ours.
    """
    try:
        answer = _ask(data, source, limits)
    except TimeoutError as error:
        raise LimitExceeded(
            f"{source.path} 读了 {limits.seconds:g} 秒还没有读完，已停止。可设 GONGKAI_READ_SECONDS 放宽。",
            f"{source.path} was not read after {limits.seconds:g} seconds and was stopped. "
            "Set GONGKAI_READ_SECONDS to allow more.",
        ) from error
    except (EOFError, OSError) as error:  # it ended itself or was ended, at its limit of memory or in a library's crash
        memory = limits.memory >> 20
        raise LimitExceeded(
            f"读 {source.path} 需要的内存超过 {memory} MB，已停止。可设 GONGKAI_READ_MEMORY（MB）放宽。",
            f"Reading {source.path} takes more than {memory} MB of memory and was stopped. "
            "Set GONGKAI_READ_MEMORY (in MB) to allow more.",
        ) from error
    if isinstance(answer, GongkaiError):
        raise answer
    if isinstance(answer, Reading):
        return answer
    _LOG.info("%s could not be read\n%s", source.path, answer)
    last = answer.strip().rpartition("\n")[2]
    raise UnreadableSource(
        f"读 {source.path} 时程序出错（{last}），没有读成。这是程序的错误，请把页面和这句话报告给我们。",
        f"The program failed while reading {source.path} ({last}). This is a fault of the program; "
        "please report it with the page and this sentence.",
    )


def _ask(data: bytes, source: Source, limits: Limits) -> Answer:
    process = _idle_process(limits)
    try:
        answer = process.ask(data, source, limits.seconds)
    except BaseException:  # an answer that is never fetched would be taken for the next one
        process.end()
        raise
    _idle[limits].append(process)
    return answer


class _Process:
    """A process that reads, in a session and a folder of its own: whatever it started or left behind ends with it."""

    def __init__(self, limits: Limits) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-")
        environment = {**os.environ, **limits.to_environment(), "TMPDIR": self._folder.name}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "archive.ingest.sandbox_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin  # noqa: S101 (opened as a pipe)
        os.set_blocking(self._process.stdin.fileno(), False)  # a write then takes what fits and never waits
        # its start is not the page's: the first byte says that it is ready
        with contextlib.suppress(EOFError, TimeoutError):
            self._read(1, time.monotonic() + _START_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, data: bytes, source: Source, seconds: float) -> Answer:
        """What came of the page.

        Raises:
            TimeoutError: where it takes longer.
            EOFError: where the process has ended.
            OSError: the same.
        """
        deadline = time.monotonic() + seconds
        for message in (pickle.dumps(source), data):
            self._write(len(message).to_bytes(SIZE), deadline)
            self._write(message, deadline)
        size = int.from_bytes(self._read(SIZE, deadline))
        answer: Answer = pickle.loads(self._read(size, deadline))  # noqa: S301 (our own process)
        return answer

    def end(self) -> None:
        """Ends the process and whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._folder.cleanup()

    def _write(self, message: bytes, deadline: float) -> None:
        assert self._process.stdin  # noqa: S101 (opened as a pipe)
        pipe, view = self._process.stdin.fileno(), memoryview(message)
        while view:
            _wait(pipe, selectors.EVENT_WRITE, deadline)
            view = view[os.write(pipe, view[:_STEP]) :]

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout  # noqa: S101 (opened as a pipe)
        pipe, message = self._process.stdout.fileno(), bytearray()
        while len(message) < size:
            _wait(pipe, selectors.EVENT_READ, deadline)
            chunk = os.read(pipe, min(_STEP, size - len(message)))
            if not chunk:
                raise EOFError
            message += chunk
        return bytes(message)


def _wait(pipe: int, event: int, deadline: float) -> None:
    """Until something can be read, or written; `select()` alone knows no pipe behind the first 1,024 files."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


_idle: defaultdict[Limits, list[_Process]] = defaultdict(list)
os.register_at_fork(after_in_child=_idle.clear)  # they answer to the program that started them


def _idle_process(limits: Limits) -> _Process:
    """A process that waits for work, a new one where there is none."""
    while True:
        try:
            process = _idle[limits].pop()
        except IndexError:
            return _Process(limits)
        if process.is_alive:
            return process
        process.end()


@atexit.register
def end_all() -> None:
    """Ends every process that waits for work."""
    for processes in _idle.values():
        while processes:
            processes.pop().end()
