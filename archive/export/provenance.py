"""Names the version of the data and of the program, so that a cited number can be reproduced."""

from __future__ import annotations

import functools
import importlib.metadata

from archive.errors import Language


@functools.cache  # reading the version takes milliseconds, and each row of a file asks for it
def program() -> str:
    """The program with its version: `gongkai 0.1.0`."""
    return f"gongkai {importlib.metadata.version('gongkai')}"


def data_version(revision: int, language: Language) -> str:
    """The revision of the catalogue and the version of the program, on one line."""
    zh, en = f"目录版本 {revision}，程序 {program()}", f"catalogue revision {revision}, {program()}"
    return zh if language == "zh" else en
