"""Object stores for tests, as processes on free ports of loopback: gofakes3, a server in Go, and moto, in Python.

With `GONGKAI_WEED=/path/of/weed`, the tests of gofakes3 use SeaweedFS instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import obstore
import pytest
from obstore.store import S3Store

GOFAKES3 = "github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0"
BUCKET = "originals"
KEY, SECRET = "AKIATESTONLY", "a-secret-of-tests"
_WEED_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port.grpc",
)
_START_SECONDS = 60.0
"""A machine that is busy starts a process slowly."""

Kind = Literal["gofakes3", "moto"]
WEED = os.environ.get("GONGKAI_WEED")


class ObjectStore:
    """A server with one bucket. It is ended and started again on the same port; gofakes3 keeps its data then."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.kind = kind
        self._folder = folder
        self._port = _free_port()
        self._weed_ports = {name: _free_port() for name in _WEED_PORTS} if WEED else {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def environment(self, prefix: str = "", bucket: str = BUCKET) -> Mapping[str, str]:
        return settings(self.endpoint, prefix, bucket)

    def start(self) -> None:
        # it ends with the tests, however these end
        tied = ["setpriv", "--pdeathsig=KILL"] if shutil.which("setpriv") else []
        self._process = subprocess.Popen(  # noqa: S603 (found or installed here)
            [*tied, *self._command()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(self._port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"{self.kind} did not start")
            time.sleep(0.05)
        if self.kind == "moto":
            self._create_bucket()
        elif WEED:
            self._create_bucket_of_weed(WEED)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def objects(self, prefix: str = "") -> S3Store:
        """Returns the objects under a prefix, to be damaged, removed or listed by a test."""
        return S3Store(
            BUCKET,
            prefix=prefix or None,
            endpoint=self.endpoint,
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
        )

    def _command(self) -> list[str]:
        if self.kind == "moto":
            return [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(self._port)]
        if WEED:
            ports = [f"-{name}={port}" for name, port in self._weed_ports.items()]
            settings = ["-master.telemetry=false", "-volume.max=0", "-s3.port.iceberg=0", "-s3.port.lance=0"]
            place = ["-ip=127.0.0.1", f"-dir={self._folder}", "-s3", f"-s3.port={self._port}"]
            return [WEED, "server", *place, *ports, *settings]
        data = str(self._folder / "gofakes3.db")
        address = f"127.0.0.1:{self._port}"
        return [_gofakes3(), "-quiet", "-backend", "bolt", "-bolt.db", data, "-host", address, "-initialbucket", BUCKET]

    def _create_bucket(self) -> None:
        """Creates the bucket with the one request that the library does not have; moto checks no signature."""
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(
                f"PUT /{BUCKET} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n"
                f"Authorization: AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/s3/aws4_request\r\n\r\n".encode()
            )
            assert b" 200 " in connection.recv(100)

    def _create_bucket_of_weed(self, weed: str) -> None:
        """Creates the bucket as deploy/README.md does, once the parts of the server have found each other."""
        master, filer = (
            f"127.0.0.1:{self._weed_ports[f'{name}.port']}.{self._weed_ports[f'{name}.port.grpc']}"
            for name in ("master", "filer")
        )
        command = [weed, "shell", f"-master={master}", f"-filer={filer}"]
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            subprocess.run(command, input=f"s3.bucket.create -name {BUCKET}".encode(), capture_output=True, check=False)  # noqa: S603
            try:
                obstore.put(self.objects(), "tried", b"", use_multipart=False)
                obstore.delete(self.objects(), "tried")
                return
            except (obstore.exceptions.BaseError, FileNotFoundError):
                time.sleep(0.5)
        pytest.fail("SeaweedFS did not create a bucket")


def settings(endpoint: str, prefix: str = "", bucket: str = BUCKET) -> Mapping[str, str]:
    """Returns the environment variables of an archive that keeps its originals there."""
    return {
        "GONGKAI_BLOBS": f"s3://{bucket}/{prefix}".rstrip("/"),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
    }


@contextmanager
def running(kind: Kind, folder: Path) -> Iterator[ObjectStore]:
    """Yields a running server, which is always ended; skips the test where it cannot be installed."""
    store = ObjectStore(kind, folder)
    try:
        store.start()
        yield store
    finally:
        store.kill()


def names(objects: S3Store) -> list[str]:
    return sorted(each["path"] for page in obstore.list(objects) for each in page)


def _gofakes3() -> str:
    """Returns the program, built with Go into the environment of the tests if it is not there."""
    own = Path(sys.prefix) / "bin"
    if found := shutil.which("gofakes3", path=os.pathsep.join((os.environ.get("PATH", ""), str(own)))):
        return found
    if not (go := shutil.which("go")):
        pytest.skip(f"no object store to test with: install Go, or put gofakes3 ({GOFAKES3}) on PATH")
    built = subprocess.run(  # noqa: S603
        [go, "install", GOFAKES3], env={**os.environ, "GOBIN": str(own)}, capture_output=True, check=False
    )
    if built.returncode:
        pytest.skip(f"no object store to test with: `go install {GOFAKES3}` failed: {built.stderr[-300:]!r}")
    return str(own / "gofakes3")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
