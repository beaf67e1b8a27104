"""PostgreSQL that stops, or cannot be used: a sentence, nothing lost, and recovery without a restart."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from archive.errors import DamagedArchive, GongkaiError, IncompatibleArchive, InvalidRequest, Unavailable, UnusableHome
from archive.store import schema
from archive.store.catalogue import Catalogue
from archive.store.connection import connect, engine
from archive.store.dialects.postgresql_errors import location, translated
from archive.store.verify import verify_catalogue, verify_originals
from tests.cluster.postgresql import Server
from tests.cluster.test_postgresql_writers import WEST, outcomes, page, write_pages
from webui.app import create_app

pytestmark = pytest.mark.cluster


def gongkai(
    home: Path, *arguments: object, errors: IO[str] | int = subprocess.PIPE, module: str = "gongkai"
) -> subprocess.Popen[str]:
    """Starts a command that ends with the tests, however these end."""
    command = [sys.executable, "-m", module, "--lang", "en", "--home", str(home), *map(str, arguments)]
    return subprocess.Popen(  # noqa: S603
        ["setpriv", "--pdeathsig=KILL", *command],  # noqa: S607
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


@pytest.mark.timeout(600)
def test_a_server_that_stops_during_an_add(tmp_path: Path, postgresql: Server, postgresql_url: str) -> None:
    folder, home = write_pages(tmp_path / "pages", 110, range(2023, 2024)), tmp_path / "home"
    adding = gongkai(home, "add", "--jobs", "1", folder)
    try:
        reader = sa.create_engine(sa.make_url(postgresql_url).set(drivername="postgresql+psycopg"))
        with reader.connect() as connection:
            held = 0
            while not held:
                assert adding.poll() is None
                time.sleep(0.05)
                connection.rollback()
                if connection.exec_driver_sql("SELECT to_regclass('reports')").scalar_one():
                    held = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one()
        reader.dispose()
        postgresql.stop()
        output, errors = adding.communicate()
        assert adding.returncode == 1
        assert "Traceback" not in errors and "Check that PostgreSQL is running" in errors, errors
        assert str(held) in output, "what was added before is counted"
    finally:
        adding.kill()
        adding.wait()
        postgresql.stop()
        postgresql.start()
    with Catalogue.open(home) as catalogue:
        assert held <= catalogue.count() < 110, "nothing that was committed is lost"
        assert catalogue.count() % 50 == 0, "a batch is added whole or not at all"
    repeated = gongkai(home, "add", folder)
    output, errors = repeated.communicate()
    assert (repeated.returncode, "Traceback" in errors) == (0, False), errors
    with Catalogue.open(home) as catalogue:
        assert catalogue.count() == 110
    for check in (verify_catalogue, verify_originals):
        assert [*check(home, lambda *_: None)] == []


@pytest.mark.usefixtures("postgresql_url")
def test_the_site_says_that_there_is_no_catalogue_and_recovers(tmp_path: Path, postgresql: Server) -> None:
    outcomes(tmp_path, page(WEST, 2016))
    client = create_app(tmp_path).test_client()
    assert client.get("/agencies").status_code == 200
    postgresql.stop()
    try:
        for address in ("/agencies", "/reports/quanzhoushi-jiaoyuju/2016", "/healthz"):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert int(answer.headers["Retry-After"]) > 0, address
            assert "GONGKAI_CATALOGUE" in answer.text, address
    finally:
        postgresql.start()
    assert client.get("/agencies").status_code == 200
    assert client.get("/reports/quanzhoushi-jiaoyuju/2016").status_code == 200


def test_a_connection_that_is_lost_while_it_is_used(tmp_path: Path, postgresql: Server, postgresql_url: str) -> None:
    outcomes(tmp_path, page(WEST, 2016))
    with pytest.raises(Unavailable), Catalogue.open(tmp_path) as catalogue:
        assert catalogue.count() == 1
        postgresql.execute(END_ALL)
        catalogue.count()
    with Catalogue.open(tmp_path) as catalogue:
        assert catalogue.count() == 1


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gongkai'"
TRANSACTIONS: dict[str, Callable[[sa.Connection], AbstractContextManager[None]]] = {
    "a write": schema.writing,
    "a snapshot": schema.snapshot,
}


@pytest.mark.parametrize("begin", TRANSACTIONS.values(), ids=[*TRANSACTIONS])
def test_a_connection_that_is_lost_in_a_transaction(
    begin: Callable[[sa.Connection], AbstractContextManager[None]],
    tmp_path: Path,
    postgresql: Server,
    postgresql_url: str,
) -> None:
    """The error is that of the server, not one of the clean-up behind it; the next connection is as new."""
    with pytest.raises(Unavailable, match="PostgreSQL"), connect(tmp_path) as connection, begin(connection):
        postgresql.execute(END_ALL)
        connection.exec_driver_sql("SELECT 1")
    assert outcomes(tmp_path, page(WEST, 2016)) == ["added"]


@pytest.mark.parametrize(
    ("user", "database", "kind", "text", "reason"),
    [
        ("locked", "postgres", UnusableHome, "does not accept the user", "no password"),
        ("locked:secret", "postgres", UnusableHome, "does not accept the user", "a wrong password"),
        ("nobody", "postgres", UnusableHome, "does not accept the user", "no such user"),
        ("gongkai", "none", UnusableHome, "There is no database", "no such database"),
    ],
)
def test_a_server_that_refuses(
    tmp_path: Path,
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    database: str,
    kind: type[GongkaiError],
    text: str,
    reason: str,
) -> None:
    monkeypatch.setenv("GONGKAI_CATALOGUE", postgresql.url(user=user, database=database))
    with pytest.raises(kind, match=text) as caught, Catalogue.open(tmp_path):
        pass
    assert "secret" not in caught.value.zh + caught.value.en, reason


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CATALOGUE", "postgresql://gongkai@127.0.0.1:1/gongkai")
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1/gongkai") as caught, Catalogue.open(tmp_path):
        pass
    assert "请检查 PostgreSQL 是否在运行" in caught.value.zh


def test_a_catalogue_that_can_only_be_read(tmp_path: Path, postgresql: Server, postgresql_url: str) -> None:
    outcomes(tmp_path, page(WEST, 2016))
    schema = sa.make_url(postgresql_url).query["options"].rpartition("=")[2]  # type: ignore[union-attr]
    reader = f"reader_{schema}"
    for statement in (
        f"CREATE ROLE {reader} LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO {reader}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader}",
    ):
        postgresql.execute(statement)
    cases = (
        (postgresql.url(schema, user=reader), "There is no permission"),
        (f"{postgresql_url} -cdefault_transaction_read_only=on", "read-only"),
    )
    for url, text in cases:
        os.environ["GONGKAI_CATALOGUE"] = url  # `postgresql_url` restores it
        with Catalogue.open(tmp_path) as catalogue:
            assert catalogue.count() == 1
        with pytest.raises(UnusableHome, match=text):
            outcomes(tmp_path, page(WEST, 2017))
        engine(sa.make_url(url)).dispose()


def test_a_catalogue_of_another_version_is_refused(tmp_path: Path, postgresql_url: str) -> None:
    outcomes(tmp_path, page(WEST, 2016))
    for version in (3, 99):
        with connect(tmp_path) as connection:
            connection.exec_driver_sql(f"UPDATE state SET version = {version}")  # noqa: S608
            connection.commit()
        with pytest.raises(IncompatibleArchive) as caught, Catalogue.open(tmp_path):
            pass
        assert f"（格式 {version}，" in caught.value.zh
        assert location(sa.make_url(postgresql_url)) in caught.value.en
        with engine(sa.make_url(postgresql_url)).begin() as connection:
            connection.exec_driver_sql("UPDATE state SET version = 4")


def test_a_home_whose_database_lost_its_catalogue_is_not_empty(
    tmp_path: Path, postgresql: Server, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes(tmp_path, page(WEST, 2016))
    monkeypatch.setenv("GONGKAI_CATALOGUE", postgresql.url(postgresql.new_schema()))
    with pytest.raises(DamagedArchive, match="has no catalogue, but there are originals"), Catalogue.open(tmp_path):
        pass


@pytest.mark.parametrize(
    "address", ["mysql://a/b", "postgresql://host", "catalogue.sqlite", "postgresql+psycopg2://a/b"]
)
def test_an_address_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GONGKAI_CATALOGUE", address)
    with pytest.raises(InvalidRequest, match="postgresql://user@host:port/database"), Catalogue.open(tmp_path):
        pass


class DatabaseError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("text of the server")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind", "text"),
    [
        ("55P03", "Busy", "Another process is writing to"),
        ("40P01", "Busy", "Another process is writing to"),
        ("53100", "UnusableHome", "No disk space is left"),
        ("53300", "Busy", "out of connections or memory (text of the server)"),
        ("53200", "Busy", "out of connections or memory"),
        ("25006", "UnusableHome", "is read-only"),
        ("42501", "UnusableHome", "There is no permission"),
        ("28P01", "UnusableHome", "does not accept the user"),
        ("3D000", "UnusableHome", "There is no database"),
        ("57P01", "Unavailable", "cannot be reached"),
        ("08006", "Unavailable", "cannot be reached"),
        ("XX001", "DamagedArchive", "Check it, or restore a backup"),
        ("42703", "DamagedArchive", "Check it, or restore a backup"),
    ],
)
def test_errors_are_sentences(sqlstate: str, kind: str, text: str) -> None:
    error = translated(DatabaseError(sqlstate), "postgresql://host/db")
    assert type(error).__name__ == kind
    assert text in error.en
    assert "postgresql://host/db" in error.en and "postgresql://host/db" in error.zh


class OperationalError(Exception):
    """As psycopg raises it when there is no connection."""


_CONNECTION = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("refusal", "sentence", "reason"),
    [
        ('root certificate file "/ca.pem" does not exist', "The certificate of the database", "no such file"),
        ("SSL error: certificate verify failed", "The certificate of the database", "another issuer"),
        ('server certificate for "db" does not match host name "h"', "The certificate of the database", "another host"),
        ("FATAL:  certificate authentication failed", "does not accept the user", "a certificate of the user"),
        ('FATAL:  database "none" does not exist', "There is no database", "no such database"),
        ("Connection refused" + "?" * 300, "cannot be reached (connection failed: connection to", "a long text"),
    ],
)
def test_refusals_without_a_code_are_sentences(refusal: str, sentence: str, reason: str) -> None:
    error = translated(OperationalError(_CONNECTION + refusal), "postgresql://host/db")
    assert sentence in error.en, reason
    assert len(error.en) < 500


def test_psycopg_is_optional(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from archive.store.catalogue import Catalogue\n"
        "from archive.errors import MissingSupport\n"
        "try:\n    Catalogue.open(Path(sys.argv[1])).__enter__()\n"
        "except MissingSupport as error: print(error.en)"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "GONGKAI_CATALOGUE": "postgresql://h/d"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pip install 'gongkai[cluster]'" in run.stdout
