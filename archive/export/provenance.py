"""What an answer from the catalogue was read from, so that a cited number can be reproduced."""

from __future__ import annotations

import importlib.metadata

from archive.errors import Language


def program() -> str:
    """The program with its version: `gongkai 0.1.0`."""
    return f"gongkai {importlib.metadata.version('gongkai')}"


def data_version(revision: int, language: Language) -> str:
    """A revision of the catalogue, and the program that read it, in words, on one line."""
    return (
        f"目录第 {revision} 版，程序 {program()}" if language == "zh" else f"catalogue revision {revision}, {program()}"
    )
