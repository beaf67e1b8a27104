"""A cluster behind TLS and a user: what is accepted, what is refused with which sentence, and no password anywhere.

The node itself has no security plugin: a proxy in front of it has the certificate and compares the user.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import load_command
from gongkai.cli.context import Context
from indexer.engines.opensearch.connection.address import VARIABLE, read_address
from tests.cluster.proxy import Proxy, make_certificate, proxy
from webui.app import create_app

pytestmark = pytest.mark.cluster

USER, PASSWORD = "gongkai", "pa:ss/w@rd 公"
WRITTEN = "gongkai:pa%3Ass%2Fw%40rd%20%E5%85%AC"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    pytest.importorskip("cryptography", reason="a certificate of a test needs cryptography")
    folder = tmp_path_factory.mktemp("certificates")
    return {host: make_certificate(folder, host) for host in ("127.0.0.1", "127.0.0.2")}


@pytest.fixture
def secured(cluster: str, certificates: dict[str, Path]) -> Iterator[Proxy]:
    node = cluster.partition("://")[2].partition(",")[0]
    with proxy(node, certificates["127.0.0.1"], (USER, PASSWORD)) as running:
        yield running


def run(home: Path, *command: str) -> Result:
    return CliRunner().invoke(load_command(command[0]), command[1:], obj=Context(home, "en"))


def test_a_user_builds_and_searches_behind_tls(
    secured: Proxy,
    certificates: dict[str, Path],
    index_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    name = read_address(index_address).name
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["127.0.0.1"]))
    monkeypatch.setenv(VARIABLE, f"opensearch+https://{WRITTEN}@{secured.host}/{name}")
    assert run(tmp_path, "index").exit_code == 0
    assert run(tmp_path, "search", "公开").exit_code == 0
    assert create_app(tmp_path).test_client().get("/search?q=公开").status_code == 200
    assert PASSWORD not in caplog.text and WRITTEN.partition(":")[2] not in caplog.text


REFUSED = [
    ("", "127.0.0.1", "does not accept the user or the password (401)", "no user"),
    ("gongkai:wrong-secret@", "127.0.0.1", "does not accept the user or the password (401)", "a wrong password"),
    (f"{WRITTEN}@", None, "is not trusted (self-signed certificate)", "an issuer that the machine does not know"),
    (f"{WRITTEN}@", "127.0.0.2", "is not trusted (self-signed certificate)", "the certificate of another machine"),
]


@pytest.mark.parametrize(
    ("login", "trusted", "sentence"), [row[:3] for row in REFUSED], ids=[row[3] for row in REFUSED]
)
def test_what_is_refused_has_a_sentence(
    secured: Proxy,
    certificates: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    login: str,
    trusted: str | None,
    sentence: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(VARIABLE, f"opensearch+https://{login}{secured.host}/name")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates[trusted]))
    else:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for command in (["index"], ["search", "公开"]):
        result = run(tmp_path, *command)
        shown = f"{result.output} {result.exception}"
        assert sentence in shown and result.exit_code == 1
        for secret in ("wrong-secret", PASSWORD, WRITTEN.partition(":")[2]):
            assert secret not in shown + caplog.text
    page = create_app(tmp_path).test_client().get("/search?q=公开", headers={"Accept-Language": "en"})
    assert page.status_code == 503
    for secret in ("wrong-secret", PASSWORD, WRITTEN.partition(":")[2]):
        assert secret not in page.text


def test_a_certificate_for_another_host(
    cluster: str, certificates: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = cluster.partition("://")[2].partition(",")[0]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["127.0.0.2"]))
    with proxy(node, certificates["127.0.0.2"]) as running:
        monkeypatch.setenv(VARIABLE, f"opensearch+https://{running.host}/name")
        result = run(tmp_path, "index")
    assert "is not trusted (IP address mismatch" in str(result.exception)
