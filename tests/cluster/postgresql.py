"""Starts PostgreSQL, as Debian installs it, on a free port of loopback in a temporary folder."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from archive.store.connection import engine

_FOLDERS = (Path("/usr/local/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
_START = 120
"""Seconds after which a server that does not start is an error."""
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",  # a test ends the server, never the machine
    "deadlock_timeout=200ms",
    "max_connections=30",
)
_schemas = itertools.count(1)


def program(name: str) -> Path | None:
    found = shutil.which(name)
    return next((folder / name for folder in _FOLDERS if (folder / name).exists()), Path(found) if found else None)


class Server:
    """A PostgreSQL server, which ends with the process that started it, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._user: list[str] = []
        if os.getuid() == 0:  # as root, PostgreSQL refuses to run
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._user = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        # an order of texts that is not Python's
        locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")
        self._run(["initdb", "-D", str(folder / "data"), "-U", "gongkai", "--auth=trust", "--no-sync", *locale])
        hba = folder / "data" / "pg_hba.conf"
        hba.write_text("host all locked 127.0.0.1/32 scram-sha-256\n" + hba.read_text())

    def start(self) -> None:
        command = [str(program("postgres")), "-D", str(self.folder / "data"), "-p", str(self.port)]
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                ["setpriv", *self._user, "--pdeathsig=QUIT", *command, "-k", str(self.folder), *settings],  # noqa: S607
                stderr=log,
                cwd=self.folder,
            )
        end = time.monotonic() + _START
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Ends the server: at once and without order, as `pg_ctl -m immediate stop` does."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(_START)

    def url(self, schema: str | None = None, user: str = "gongkai", database: str = "postgres") -> str:
        options = f"?options={quote(f'-csearch_path={schema}')}" if schema else ""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{options}"

    def execute(self, statement: str, schema: str | None = None) -> int:
        """Runs a statement as the superuser, and returns the number of rows that it changed."""
        url = sa.make_url(self.url(schema)).set(drivername="postgresql+psycopg")
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            return connection.exec_driver_sql(statement).rowcount

    def new_schema(self) -> str:
        name = f"test_{next(_schemas)}"
        self.execute(f"CREATE SCHEMA {name}")
        return name

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except exc.OperationalError:
            return False
        return True

    def _run(self, command: list[str]) -> None:
        name, *arguments = command
        subprocess.run(  # noqa: S603
            ["setpriv", *self._user, str(program(name)), *arguments],  # noqa: S607
            check=True,
            capture_output=True,
            cwd=self.folder,
        )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'gongkai[cluster]'")
    missing = [name for name in ("initdb", "postgres") if not program(name)]
    if missing or not shutil.which("setpriv"):
        pytest.skip(f"PostgreSQL is not installed ({', '.join(missing) or 'setpriv'}): apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgresql-"))
    folder.chmod(0o700)
    server = None
    try:
        server = Server(folder)
        server.start()
        yield server
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty schema, which is the catalogue of every home in this test."""
    url = postgresql.url(postgresql.new_schema())
    monkeypatch.setenv("GONGKAI_CATALOGUE", url)
    yield url
    engine(sa.make_url(url)).dispose()
    engine.cache_clear()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.cluster)])
def database(request: pytest.FixtureRequest) -> str:
    """Runs a test on a catalogue in SQLite, and on one in PostgreSQL with `-m cluster`."""
    if request.param == "postgresql":
        request.getfixturevalue("postgresql_url")
    return str(request.param)
