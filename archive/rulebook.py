"""Rules as data: the TOML files of `archive/rules/`, read once, from wherever the package is installed."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any


@functools.cache
def rulebook(name: str) -> dict[str, Any]:
    """One file of rules, as TOML says it.

    Raises:
        FileNotFoundError: when the package was installed without it, which no user can mend.
    """
    return tomllib.loads(files("archive").joinpath("rules", *name.split("/")).read_text("utf-8"))
