"""The process that reads pages: takes them on stdin, says on stdout what they say, ends at its limits."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import sys
import traceback

from archive.errors import GongkaiError
from archive.extract.pipeline import parse_source
from archive.ingest.sandbox import SIZE, Answer
from archive.limits import LIMITS
from archive.model import Source


def main() -> None:
    """Reads until stdin ends, or memory does. What a library prints goes nowhere: stdout belongs to the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Pages make hundreds of thousands of objects that live to the end; looking for cycles among them doubles the time.
    gc.disable()
    gc.freeze()
    answers.write(b"\n")
    answers.flush()
    requests = sys.stdin.buffer
    while head := requests.read(SIZE):
        source = pickle.loads(requests.read(int.from_bytes(head)))  # noqa: S301 (from the program that started this one)
        answer = pickle.dumps(_parse(requests.read(int.from_bytes(requests.read(SIZE))), source))
        answers.write(len(answer).to_bytes(SIZE))
        answers.write(answer)
        answers.flush()
        gc.collect()


def _parse(data: bytes, source: Source) -> Answer:
    try:
        return parse_source(data, source)
    except GongkaiError as error:
        return error
    except MemoryError:  # what is left of it may not be enough to say so
        raise
    except Exception:
        return traceback.format_exc()


if __name__ == "__main__":
    main()
