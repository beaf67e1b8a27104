"""Locates the home of the archive, for the command line and the Python API."""

from __future__ import annotations

import os
from pathlib import Path


def default_home() -> Path:
    """Returns the folder that `GONGKAI_HOME` names, or else the user's data folder."""
    if home := os.environ.get("GONGKAI_HOME"):
        return Path(home)
    import platformdirs  # noqa: PLC0415 (not needed by `import gongkai`)

    return Path(platformdirs.user_data_dir("gongkai"))
