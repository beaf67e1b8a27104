"""Runs functions in forked copies of a program that has imported Gongkai, each in a session of its own.

The start of Python would take most of the time of a short command, and most of the random kills would hit it. Each line
of stdin is the JSON of [function, arguments, path of stdout, path of stderr]; the process id is printed when the copy
starts, and its exit code when it has ended. The arguments are homes that are asked all questions first, so that the
copies have the dictionary, and everything that is imported late, in memory.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import threading

from indexer.text.tokenizer import nouns
from tests.attack.questions import ask

PRELOADED = (
    "gongkai.cli.coverage",
    "gongkai.cli.index",
    "gongkai.cli.read_and_add",
    "gongkai.cli.search",
    "indexer.engines.whoosh.search.engine",
)


def main() -> None:
    for module in PRELOADED:
        importlib.import_module(module)
    for home in sys.argv[1:]:
        nouns()
        with contextlib.redirect_stdout(io.StringIO()):
            ask([home])
    assert threading.active_count() == 1, "a fork would copy the locks of threads and not the threads"
    print("ready", flush=True)
    for line in sys.stdin:
        function, arguments, *outputs = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(function, arguments, outputs)
            return
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(function: str, arguments: list[str], outputs: list[str]) -> None:
    """Calls a function as a new process does; the copy then exits as Python does, with the functions of `atexit`."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
    module, _, name = function.partition(":")
    getattr(importlib.import_module(module), name)(arguments)


if __name__ == "__main__":
    main()
