"""The command line and the Python API over archive, indexer and webui."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gongkai.archive_api import ReportArchive

__all__ = ["open_archive"]


def open_archive(home: str | os.PathLike[str] | None = None, *, language: Literal["zh", "en"] = "zh") -> ReportArchive:
    """Opens the archive of a home, for use as it is or in a `with` statement.

    Args:
        home: the folder of the archive; by default that of the command line (`GONGKAI_HOME`).
        language: the language of readings, labels and data versions.

    Raises:
        GongkaiError: from the methods, for what the caller can correct.
    """
    from pathlib import Path  # noqa: PLC0415 (`import gongkai` stays light)

    from gongkai.archive_api import ReportArchive  # noqa: PLC0415
    from gongkai.default_home import default_home  # noqa: PLC0415

    return ReportArchive(default_home() if home is None else Path(home), language)
