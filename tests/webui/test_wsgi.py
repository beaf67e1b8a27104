"""The files of docs/running.md agree with each other and with the site."""

from __future__ import annotations

import importlib
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gongkai.cli import serve
from indexer.query import query_errors
from webui.params import search_params, validators

DOCS = Path(__file__).parents[2] / "docs"
SERVICE = (DOCS / "running" / "gongkai.service").read_text("utf-8")
NGINX = (DOCS / "running" / "nginx.conf").read_text("utf-8")
GUIDE = (DOCS / "running.md").read_text("utf-8")
GUNICORN = runpy.run_path(str(DOCS / "running" / "gunicorn.conf.py"))


def test_nginx_asks_where_gunicorn_listens() -> None:
    assert f"server {GUNICORN['bind']};" in NGINX
    assert GUNICORN["bind"].startswith("127.0.0.1:"), "requests reach it through nginx alone"
    assert GUNICORN["forwarded_allow_ips"] == "127.0.0.1"


def test_the_service_starts_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = re.search(r"^ExecStart=\S+/gunicorn --config (\S+) (\S+):(\S+)$", SERVICE, re.MULTILINE)
    assert command is not None
    config, module, name = command.groups()
    assert config in GUIDE, "installed where the service looks for it"
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, module, raising=False)
    assert getattr(importlib.import_module(module), name).config["HOME"] == tmp_path


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_the_monitored_addresses_exist(client: FlaskClient, address: str) -> None:
    assert f"`{address}`" in GUIDE
    assert client.get(address).status_code == 200


def test_the_limits_are_the_limits() -> None:
    for said in (
        f"{query_errors.LONGEST:,} characters, {query_errors.DEEPEST} levels",
        f"words of a query | {validators.MOST_WORDS:,}",
        f"{search_params.MOST_VALUES}, of {search_params.LONGEST_VALUE} characters",
        f"{search_params.MOST_HITS}, {search_params.MOST_PAGES:,}",
        f"{serve.MOST_BYTES // 1024} kB",
    ):
        assert f"| {said} |" in GUIDE
    assert f"client_max_body_size {serve.MOST_BYTES // 1024}k;" in NGINX


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    site = (
        NGINX.replace("/var/log/nginx", str(tmp_path))
        .replace("listen 80", "listen 8080")
        .replace("[::]:80", "[::]:8080")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {site} }}", "utf-8"
    )
    checked = subprocess.run(  # noqa: S603
        [str(shutil.which("nginx")), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
