"""A process that reads, and those that wait for work.

It has a session and a folder of its own, so that whatever it starts or leaves behind ends with it. One process serves
one page after another, because starting it takes longer than most pages; it is replaced when it had to be ended.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Literal

from archive.ingest.protocol import LENGTH, OUT_OF_MEMORY, Answer, Order, decode_answer, encode
from archive.ingest.temporary_folders import new_folder, remove, sweep
from archive.limits import Limits

_STEP = 1 << 20
_START_SECONDS = 60.0
# A process that closed its answers has this long to say how it ended.
_END_SECONDS = 5.0
_MOST_WORDS = 300
# Variables with passwords and keys, which a process that reads untrusted pages does not get.
_SECRETS = ("AWS_", "PG", "GONGKAI_CATALOGUE", "GONGKAI_INDEX")
# 'MemoryError', "terminate called after throwing an instance of 'std::bad_alloc'"; in Rust
# "memory allocation of 64 bytes failed"
_WORDS_OF_MEMORY = ("MemoryError", "bad_alloc", "memory allocation of")


class WorkerError(Exception):
    """The process gave no answer: it reached a limit or crashed. A crash says how, and its last words."""

    def __init__(self, cause: Literal["time", "memory", "crash"], zh: str = "", en: str = "", words: str = "") -> None:
        super().__init__(f"{cause} {en} {words}".strip())
        self.cause = cause
        self.zh = zh
        self.en = en
        self.words = words

    @classmethod
    def invalid_answer(cls, reason: object = "") -> WorkerError:
        """An answer that does not belong to the request."""
        return cls("crash", "答复无法识别", "its answer is not valid", str(reason)[:_MOST_WORDS])


class WorkerProcess:
    """A running process. `thread` is the thread that uses it."""

    def __init__(self, limits: Limits) -> None:
        _sweep_once()
        self.limits = limits
        self.thread: int | None = threading.get_ident()
        self._is_killed = False
        self._folder = new_folder()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
        environment = {**inherited, **limits.to_environment(), "TMPDIR": str(self._folder)}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        lifeline, self._lifeline = os.pipe()
        self._errors, errors = os.pipe()
        # Whatever is printed beyond the capacity of the pipe is lost; nobody waits for it to be read.
        os.set_blocking(self._errors, False)
        os.set_blocking(errors, False)
        self._process = subprocess.Popen(  # noqa: S603 (this program)
            [sys.executable, "-P", "-m", "archive.ingest.sandbox_worker", str(lifeline)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
            pass_fds=(lifeline,),
            bufsize=0,
        )
        _running.add(self)
        os.close(lifeline)
        os.close(errors)
        assert self._process.stdin and self._process.stdout  # noqa: S101 (opened as pipes)
        os.set_blocking(self._process.stdin.fileno(), False)  # a write then takes what fits and never waits
        self._pipe = _PipeReader(self._process.stdout.fileno())
        self._answers = io.BufferedReader(self._pipe)
        # its start is not the page's: the first byte says that it is ready
        self._pipe.deadline = time.monotonic() + _START_SECONDS
        with contextlib.suppress(OSError):
            self._answers.read(1)

    @property
    def is_alive(self) -> bool:
        """Whether it accepts requests. A killed process takes a moment to end."""
        return not self._is_killed and self._process.poll() is None

    def ask(self, order: Order, data: bytes = b"") -> Answer:
        """The first answer to an order.

        Raises:
            WorkerError: if it takes longer than the limit, the process ends, or the answer is not valid.
        """
        self._read_errors()  # of the page before
        with self._explained():
            for message in (encode(order), data):
                self._write(message)
            return self._next()

    def next_answer(self) -> Answer:
        """A further answer.

        Raises:
            WorkerError: see `ask`.
        """
        with self._explained():
            return self._next()

    def read_page(self, size: int) -> bytes:
        """The bytes that follow an answer.

        Raises:
            WorkerError: see `ask`.
        """
        with self._explained():
            return self._read(size)

    def kill(self) -> None:
        """Ends the process and whatever it started; who uses it is told that it crashed."""
        self._is_killed = True
        with contextlib.suppress(
            ProcessLookupError, PermissionError
        ):  # PermissionError: macOS, for a process that ended
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ends the process and removes its folder."""
        try:
            _running.remove(self)
        except KeyError:  # another thread ends it
            return
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self.forget()
        remove(self._folder)

    def forget(self) -> None:
        """Closes the pipes that keep it alive; for a copy of the program that did not start it."""
        for pipe in (self._lifeline, self._errors):
            os.close(pipe)

    def _next(self) -> Answer:
        size = int.from_bytes(self._read(LENGTH))
        if size > self.limits.memory:
            raise WorkerError.invalid_answer(f"{size} bytes")
        content = self._read(size)
        try:
            return decode_answer(content)
        except ValueError as error:
            raise WorkerError.invalid_answer(error) from error

    def _write(self, message: bytes) -> None:
        assert self._process.stdin  # noqa: S101 (opened as a pipe)
        pipe, view = self._process.stdin.fileno(), memoryview(message)
        while view:
            _wait(pipe, selectors.EVENT_WRITE, self._pipe.deadline)
            view = view[os.write(pipe, view[:_STEP]) :]

    def _read(self, size: int) -> bytes:
        message = self._answers.read(size)
        if len(message) < size:
            raise EOFError
        return message

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Starts the clock; raises `WorkerError` where the pipes say that the process is late or gone."""
        self._pipe.deadline = time.monotonic() + self.limits.seconds
        try:
            yield
        except TimeoutError as error:
            raise WorkerError("time") from error
        except (EOFError, OSError) as error:
            raise self._failure() from error

    def _failure(self) -> WorkerError:
        try:
            status = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return WorkerError.invalid_answer("it closed its answers")
        printed = self._read_errors()
        if status == -signal.SIGALRM:
            return WorkerError("time")
        if status == OUT_OF_MEMORY or any(word in printed for word in _WORDS_OF_MEMORY):
            return WorkerError("memory")
        name = signal.Signals(-status).name if status < 0 else ""
        zh, en = (f"信号 {name}", f"signal {name}") if name else (f"退出码 {status}", f"exit status {status}")
        return WorkerError("crash", zh, en, last_words(printed))

    def _read_errors(self) -> str:
        """What the process printed to stderr since the last call, as much of it as the pipe holds."""
        chunks = []
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._errors, _STEP):
                chunks.append(chunk)
        return b"".join(chunks).decode("utf-8", "replace")


def last_words(printed: str) -> str:
    """One line of what a process printed before it crashed: the fatal error and where it happened, or the last line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    fatal = [number for number, line in enumerate(lines) if line.startswith("Fatal Python error")]
    if fatal:
        place = [line for line in lines[fatal[0] :] if line.startswith("File ")][:1]
        lines = ["; ".join([lines[fatal[0]], *place])]
    return "".join(lines[-1:])[-_MOST_WORDS:]


class _PipeReader(io.RawIOBase):
    """A pipe whose reads end at a deadline; a buffered reader around it fills one buffer without copies."""

    deadline = 0.0

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        _wait(self._pipe, selectors.EVENT_READ, self.deadline)
        return os.readv(self._pipe, [buffer])


def _wait(pipe: int, event: int, deadline: float) -> None:
    """Until something can be read, or written; `select()` alone knows no pipe behind the first 1,024 files."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


_running: set[WorkerProcess] = set()
_idle: defaultdict[Limits, list[WorkerProcess]] = defaultdict(list)
_sweep_once = functools.cache(sweep)


@contextlib.contextmanager
def worker(limits: Limits) -> Iterator[WorkerProcess]:
    """A process to ask, a new one where none waits; it is ended by an exception, else it waits for further work."""
    try:
        process = _idle_process(limits)
    except OSError as error:
        raise WorkerError("crash", "未能启动", "it did not start", str(error)) from error
    try:
        yield process
    except BaseException:  # an answer that is never fetched would be taken for the next one
        process.end()
        raise
    process.thread = None
    _idle[limits].append(process)


def _idle_process(limits: Limits) -> WorkerProcess:
    while True:
        try:
            process = _idle[limits].pop()
        except IndexError:
            return WorkerProcess(limits)
        process.thread = threading.get_ident()
        if process.is_alive:
            return process
        process.end()


def kill_processes_of(threads: Collection[int]) -> None:
    """Kills the processes that some threads are using; each thread gets a `WorkerError`."""
    for process in tuple(_running):
        if process.thread in threads:
            process.kill()


@atexit.register
def end_all() -> None:
    """Ends every process."""
    _idle.clear()
    for process in tuple(_running):
        process.end()


def _forget_all() -> None:
    """In a forked copy of the program: the processes answer to the program that started them, and end with it."""
    _idle.clear()
    while _running:
        _running.pop().forget()


os.register_at_fork(after_in_child=_forget_all)
