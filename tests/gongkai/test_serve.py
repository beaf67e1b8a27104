"""Tests `gongkai serve`: the address, and what to do when it cannot be used."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import GongkaiError
from gongkai.cli.context import Context
from gongkai.cli.serve import serve
from webui.app import create_app
from webui.http.server import ServerLimits, SiteServer

ALL = "0.0.0.0"  # noqa: S104


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> list[SiteServer]:
    """The servers that `gongkai serve` starts; they end at once."""
    started: list[SiteServer] = []

    def run(server: SiteServer) -> None:
        started.append(server)
        server.task_dispatcher.shutdown()
        server.close()

    monkeypatch.setattr(SiteServer, "run", run)
    return started


def started(servers: list[SiteServer], home: Path, *arguments: str, **variables: str) -> tuple[SiteServer, str]:
    result = CliRunner(env=variables).invoke(serve, ["--port", "0", *arguments], obj=Context(home, "zh"))
    assert result.exception is None, result.exception
    return servers[-1], result.output


def test_serve_prints_its_address(tmp_path: Path, servers: list[SiteServer]) -> None:
    server, output = started(servers, tmp_path, "--threads", "2")
    assert output == f"网站已开放：http://127.0.0.1:{server.effective_port}/（按 Ctrl+C 停止）\n"
    assert server.effective_host == "127.0.0.1", "the default address is local"
    assert server.adj.threads == 2 and server.limits == ServerLimits()
    assert server.application.config["HOME"] == tmp_path


@pytest.mark.parametrize(
    ("arguments", "variables", "limits"),
    [
        (
            ["--connections", "9", "--connections-per-address", "8", "--requests-per-address", "7", "--timeout", "6"],
            {},
            ServerLimits(9, 8, 7, 6),
        ),
        (
            [],
            {"GONGKAI_CONNECTIONS": "9", "GONGKAI_CONNECTIONS_PER_ADDRESS": "8", "GONGKAI_REQUESTS_PER_ADDRESS": "7"},
            ServerLimits(9, 8, 7),
        ),
        ([], {"GONGKAI_TIMEOUT": "6", "GONGKAI_TRUSTED_PROXY": "::1"}, ServerLimits(seconds=6, trusted_proxy="::1")),
    ],
    ids=["options", "variables", "more variables"],
)
def test_limits_are_settings(
    tmp_path: Path,
    servers: list[SiteServer],
    arguments: list[str],
    variables: dict[str, str],
    limits: ServerLimits,
) -> None:
    server, _ = started(servers, tmp_path, *arguments, **variables)
    assert server.limits == limits


@pytest.mark.parametrize(
    ("arguments", "trusted", "refused", "line", "reason"),
    [
        ([], ["localhost"], ["192.0.2.1", "a.example"], False, "local by default"),
        (["--host", "127.0.0.2"], ["localhost", "127.0.0.2"], ["127.0.0.3"], False, "the address of --host"),
        (["--host", ALL], ["192.0.2.1", "[2001:db8::1]", "host-7"], ["a.example"], True, "every address"),
        (["--host", ALL, "--trusted-hosts", "a.example"], ["a.example"], ["b.example"], False, "names are set"),
        (["--host", ALL, "--public-url", "https://a.example"], ["a.example"], ["b.example"], False, "a URL is"),
    ],
)
def test_hosts_that_are_answered(
    tmp_path: Path,
    servers: list[SiteServer],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    trusted: list[str],
    refused: list[str],
    line: bool,  # noqa: FBT001
    reason: str,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "host-7")
    server, output = started(servers, tmp_path, *arguments)
    client = server.application.test_client()
    for host in (*trusted, *refused):
        assert (client.get("/robots.txt", headers={"Host": host}).status_code == 200) is (host in trusted), reason
    assert ("--trusted-hosts" in output) is line
    assert not line or "localhost, host-7, host-7.local" in output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--trusted-proxy", "proxy.example"], "--trusted-proxy 是代理的 IP 地址"),
        (["--trusted-hosts", "https://a.example"], "“https://a.example”不是主机名"),
        (["--public-url", "a.example"], "“a.example”不能作网站的地址"),
    ],
)
def test_invalid_settings(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(serve, arguments, obj=Context(tmp_path, "zh"))
    assert isinstance(result.exception, GongkaiError) and sentence in result.exception.zh


def test_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(serve, ["--port", str(port)], obj=Context(tmp_path, "zh"))
    assert isinstance(result.exception, GongkaiError)
    assert f"不能在 127.0.0.1:{port} 开放网站" in result.exception.zh
    assert f"Cannot serve on 127.0.0.1:{port} (" in result.exception.en


@pytest.mark.parametrize("host", ["no such host", "长" * 80, "192.0.2.1"])
def test_unknown_host(tmp_path: Path, host: str) -> None:
    result = CliRunner().invoke(serve, ["--host", host], obj=Context(tmp_path, "en"))
    assert isinstance(result.exception, GongkaiError)
    assert result.exception.zh == f"本机没有“{host}”这个地址。请用 --host 给出本机的地址，例如 127.0.0.1。"


def test_site_below_a_path_prefix(home: Path) -> None:
    page = create_app(home).test_client().get("/en/help", environ_overrides={"SCRIPT_NAME": "/archive"}).text
    assert 'href="/archive/help"' in page and 'href="/help"' not in page
