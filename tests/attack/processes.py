"""Starts commands, waits for them with a deadline, and finds every process that they leave."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.attack.scale import PATIENCE

ROOT = Path(__file__).parents[2]
MARK = "GONGKAI_ATTACK"
"""An environment variable that every process of an attack inherits."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. The exit code is negative for a signal."""

    code: int
    out: str
    err: str

    @property
    def is_sentence(self) -> bool:
        """Whether it ended with an error of one line, as a `GongkaiError` is printed."""
        return self.code == 1 and len(self.err.strip().splitlines()) == 1 and "Traceback" not in self.err


class Launcher:
    """Runs one command at a time in a forked copy of a program that has imported Gongkai (`launcher.py`)."""

    def __init__(self, folder: Path, *homes: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self._outputs = folder / "out", folder / "err"
        self.mark = new_mark()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.attack.launcher", *homes],
            cwd=ROOT,
            env=environment(self.mark, self.temporary),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert self._line(PATIENCE) == "ready"
        except BaseException:
            self.close()
            raise

    def start(self, *arguments: object, call: str = "gongkai.cli:main") -> int:
        """Starts a command; returns its process id, which is also that of its group."""
        assert self._process.stdin
        request = [call, list(map(str, arguments)), *map(str, self._outputs)]
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._line(PATIENCE) or 0)

    def wait(self, seconds: float = PATIENCE) -> Ended | None:
        """How the command ended; None if it still runs."""
        line = self._line(seconds)
        if line is None:
            return None
        out, err = (path.read_text("utf-8", "replace") if path.exists() else "" for path in self._outputs)
        return Ended(int(line), out, err)

    def run(self, *arguments: object, call: str = "gongkai.cli:main") -> Ended:
        self.start(*arguments, call=call)
        ended = self.wait()
        assert ended is not None, f"{arguments} did not end"
        return ended

    def left(self) -> dict[int, str]:
        """The processes that commands left, after time to end."""
        return wait_until_empty(lambda: marked(self.mark, but={self._process.pid}))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        end_marked(self.mark)

    def _line(self, seconds: float) -> str | None:
        """A line of the launcher, which writes each at once; None if none comes in time."""
        assert self._process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, seconds)):
                return None
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self._process.stdout.fileno(), 1)
            assert byte, "the launcher ended"
            line += byte
        return line.decode().strip()


def new_mark() -> str:
    return uuid.uuid4().hex


def environment(mark: str, temporary: Path, **more: str) -> dict[str, str]:
    """The environment of an attacked process: English messages, folders of its own for temporary files and caches."""
    folders = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(cache_beside(temporary)), "PYTHONPATH": str(ROOT)}
    return {**os.environ, MARK: mark, **folders, "LC_ALL": "en_US.UTF-8", "PYTHONUNBUFFERED": "1", **more}


def cache_beside(temporary: Path) -> Path:
    """The folder for caches of the user, beside that of temporary files."""
    return temporary.with_name("cache")


def marked(mark: str, but: Iterable[int] = ()) -> dict[int, str]:
    """The running processes with a mark in their environment, and their commands."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) not in {os.getpid(), *but}:
            with suppress(OSError):  # it has ended
                is_zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                if not is_zombie and f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def end_marked(mark: str) -> None:
    for process in marked(mark):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def wait_until_empty(look: Callable[[], dict[int, str]], seconds: float = PATIENCE) -> dict[int, str]:
    """What is left of what should go away; empty as soon as it is gone."""
    deadline = time.monotonic() + seconds
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def resident_kilobytes(process: int) -> int:
    """The memory of a process that is in use now."""
    return _status(process, "VmRSS")


def peak_kilobytes(process: int) -> int:
    """The most memory that a process has used."""
    return _status(process, "VmHWM")


def _status(process: int, name: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
