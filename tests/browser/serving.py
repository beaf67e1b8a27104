"""The site, served as `gongkai serve` serves it, and the browser of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "corpus"
HAIDIAN = "beijing-haidian-chengshi-guanli-jiandu-zhihui-zhongxin"
"""The agency of the page that ships."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox cannot be had by root, which CI is.
SWITCHES = [
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
    *("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"),
]


def chromium() -> str | None:
    """Where the browser is, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def gongkai(home: Path, *arguments: object) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "gongkai", "--home", str(home), *map(str, arguments)]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of the site over a home, without a slash at its end; served by a process of its own."""
    command = gongkai(home, "serve", "--port", 0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as server:  # noqa: S603
        try:
            assert server.stdout is not None
            # 'Serving http://127.0.0.1:40123/ (Ctrl+C ends it)'
            said = server.stdout.readline()
            yield said[said.index("http://") :].split()[0].partition("（")[0].rstrip("/")
        finally:
            server.terminate()
