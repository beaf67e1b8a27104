"""`gongkai serve` in a process of its own, on a free port of loopback."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path

from tests.attack.processes import ROOT, end_marked, environment, new_mark, resident_kilobytes
from tests.attack.scale import PATIENCE


class Site:
    """A running site."""

    def __init__(self, home: Path, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tmp").mkdir()
        self._mark = new_mark()
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "gongkai", "--home", str(home), "serve", "--port", "0", *options],
                cwd=ROOT,
                env=environment(self._mark, folder / "tmp"),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout
        # 'Serving http://127.0.0.1:43211/ (Ctrl+C ends it)'
        line = self._process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.close()
            raise AssertionError(f"the site did not start: {line}{self.log()}")
        self.port = int(found[1])

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def resident_megabytes(self) -> float:
        return resident_kilobytes(self._process.pid) / 1024

    def log(self) -> str:
        return self._errors.read_text("utf-8", "replace")

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            end_marked(self._mark)
            if self._process.stdout:
                self._process.stdout.close()
