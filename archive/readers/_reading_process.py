"""The process that reads foreign formats: takes requests on stdin, gives answers on stdout, ends at its limits."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import sys
import traceback
from typing import BinaryIO

from archive.errors import GongkaiError
from archive.readers._choose import read_here
from archive.readers._limited import SIZE, Answer, Request
from archive.readers._packing import pack
from archive.readers.limits import LIMITS


def main() -> None:
    """Reads until stdin ends. What a library prints goes nowhere: stdout belongs to the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Pages make hundreds of thousands of objects that live to the end; looking for cycles among them doubles the time.
    gc.disable()
    answers.write(b"\n")
    answers.flush()
    while head := sys.stdin.buffer.read(SIZE):
        answer = _answer(sys.stdin.buffer, int.from_bytes(head))
        gc.collect()
        answers.write(len(answer).to_bytes(SIZE))
        answers.write(answer)
        answers.flush()


def _answer(requests: BinaryIO, size: int) -> bytes:
    """One request read and its page with it, as the bytes of the answer."""
    try:
        request = pickle.loads(requests.read(size))  # noqa: S301 (from the program that started this one)
        return pickle.dumps(_read(request))
    except MemoryError:
        return pickle.dumps(Answer(out_of_memory=True))


def _read(request: Request) -> Answer:
    try:
        return Answer(page=pack(read_here(request)))
    except GongkaiError as error:
        return Answer(sentence=(error.zh, error.en))
    except MemoryError:
        raise
    except Exception:
        return Answer(trouble=traceback.format_exc())


if __name__ == "__main__":
    main()
