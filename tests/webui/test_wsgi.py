"""Tests that docs/running.md and the files in deploy/ agree with each other and with the site."""

from __future__ import annotations

import importlib
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

from gongkai.cli import serve
from indexer.query import query_errors
from webui.http.feedback import FEEDBACK
from webui.http.server import LARGEST_BODY, LARGEST_HEADERS, LONGEST_LINE, ServerLimits
from webui.http.settings import METRICS, PUBLIC_URL, TRUSTED_HOSTS
from webui.params import search_params, validators

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICE = (DEPLOY / "gongkai.service").read_text("utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
GUIDE = (ROOT / "docs" / "running.md").read_text("utf-8")
GUNICORN = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
LIMITS = ServerLimits()
READ_BY_WSGI = (FEEDBACK, METRICS, PUBLIC_URL, TRUSTED_HOSTS)


def test_nginx_forwards_to_gunicorn() -> None:
    assert f"server {GUNICORN['bind']};" in NGINX
    assert GUNICORN["bind"].startswith("127.0.0.1:"), "only nginx reaches gunicorn"
    assert GUNICORN["forwarded_allow_ips"] == "127.0.0.1"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX, "forwarded requests are not local ones"
    assert NGINX.count("proxy_pass") == NGINX.count("proxy_set_header Host $http_host;") == 1
    assert "location = /metrics {\n        return 404;" in NGINX


def test_nginx_and_the_site_have_the_same_limits() -> None:
    assert GUNICORN["limit_request_line"] == LONGEST_LINE
    assert GUNICORN["limit_request_field_size"] <= LARGEST_HEADERS
    assert f"client_max_body_size {LARGEST_BODY // 1024}k;" in NGINX
    assert f"large_client_header_buffers 4 {LARGEST_HEADERS // 4096}k;" in NGINX
    assert f"limit_conn gongkai_connections {LIMITS.connections_per_address};" in NGINX
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"):
        assert f"{name} {LIMITS.seconds}s;" in NGINX


def test_nginx_and_the_site_have_the_same_name() -> None:
    url = re.search(r"^Environment=GONGKAI_PUBLIC_URL=https://(\S+)$", SERVICE, re.MULTILINE)
    assert url is not None
    assert f"server_name {url[1]};" in NGINX
    assert f"`{url[1]}`" in GUIDE, "the guide says that it has to be replaced"
    assert "listen 80 default_server;" in NGINX and "return 444;" in NGINX, "other names do not reach the site"


def test_every_setting_is_documented() -> None:
    rows = {cells[1].strip("` "): cells for line in GUIDE.splitlines() if len(cells := line.split("|")) == 6}
    for option in serve.serve.params:
        if isinstance(option, click.Option) and option.name != "help":
            _, _, variable, default, meaning, _ = (cell.strip() for cell in rows[option.opts[0]])
            assert variable.rstrip(" *").strip("`") == (option.envvar or ""), option.name
            assert default.strip("`") == str(option.default or ""), option.name
            assert ("*" in variable) is (option.envvar in READ_BY_WSGI), option.name
            assert meaning


@pytest.mark.parametrize(
    ("variables", "host", "status"),
    [
        ({}, "localhost", 200),
        ({}, "gongkai.example.org", 400),
        ({TRUSTED_HOSTS: "gongkai.example.org"}, "gongkai.example.org", 200),
        ({PUBLIC_URL: "https://gongkai.example.org"}, "gongkai.example.org", 200),
    ],
)
def test_the_application_reads_its_settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    variables: dict[str, str],
    host: str,
    status: int,
) -> None:
    for name in READ_BY_WSGI:
        monkeypatch.delenv(name, raising=False)
    for name, value in {"GONGKAI_HOME": str(tmp_path), **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "webui.wsgi", raising=False)
    app = importlib.import_module("webui.wsgi").app
    assert app.test_client().get("/robots.txt", headers={"Host": host}).status_code == status
    assert ("Only requests for localhost are answered" in caplog.text) is not variables


def test_the_service_starts_the_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = re.search(r"^ExecStart=\S+/gunicorn --config (\S+) (\S+):(\S+)$", SERVICE, re.MULTILINE)
    assert command is not None
    config, module, name = command.groups()
    assert config in GUIDE, "installed where the service looks for it"
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, module, raising=False)
    assert getattr(importlib.import_module(module), name).config["HOME"] == tmp_path


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_monitored_urls_exist(client: FlaskClient, address: str) -> None:
    assert f"`{address}`" in GUIDE
    assert client.get(address).status_code == 200


def test_limits_are_documented() -> None:
    hits, pages = search_params.PAGE_SIZE, search_params.MOST_PAGES
    for row in (
        f"{query_errors.LONGEST:,} characters, {query_errors.DEEPEST} levels",
        f"words of a query | {validators.MOST_WORDS:,}",
        f"{search_params.MOST_VALUES}, of {search_params.LONGEST_VALUE} characters",
        f"hits on a page, pages | {hits} ({search_params.MOST_HITS} of the API), {pages:,}",
        f"request body | {LARGEST_BODY // 1024} kB | 413",
        f"length of a request line | {round(LONGEST_LINE / 1024)} kB | 414",
        f"headers | {LARGEST_HEADERS // 1024} kB | 431",
        f"time for a request to arrive | {LIMITS.seconds} seconds",
        f"concurrent connections | {LIMITS.connections} (`serve`)",
        f"concurrent connections of one address | {LIMITS.connections_per_address}",
        f"requests of one address that run or wait | {LIMITS.requests_per_address} (`serve`) | 429 with `Retry-After`",
    ):
        assert f"| {row} |" in GUIDE


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
