"""Tests `gongkai serve`: the address, and what to do when it cannot be used."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import waitress
from click.testing import CliRunner

from archive.errors import GongkaiError
from gongkai.cli.context import Context
from gongkai.cli.serve import serve
from webui.app import create_app


def test_serve_prints_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Server:
        def run(self) -> None:
            assert given["threads"] == 2

    given: dict[str, Any] = {}
    monkeypatch.setattr(waitress, "create_server", lambda app, **options: given.update(options, app=app) or Server())
    result = CliRunner().invoke(serve, ["--port", "0", "--threads", "2"], obj=Context(tmp_path, "zh"))
    (listening,) = given["sockets"]
    with listening:
        host, port = listening.getsockname()
    assert result.output == f"网站已开放：http://127.0.0.1:{port}/（按 Ctrl+C 停止）\n"
    assert host == "127.0.0.1", "the default address is local"
    assert given["app"].config["HOME"] == tmp_path


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
