"""`gongkai serve`: serves the site with waitress."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import click

from archive.errors import GongkaiError
from gongkai.cli.context import Context
from webui.app import create_app
from webui.http.feedback import FEEDBACK
from webui.http.server import ServerLimits, server_of
from webui.http.settings import METRICS, PUBLIC_URL, TRUSTED_HOSTS, SiteSettings, read_hosts
from webui.http.telemetry import log_to_stderr
from webui.http.warmup import warm

DEFAULTS = ServerLimits()

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _limit(name: str, default: int, description: str, most: int = 100_000) -> Callable[[_Command], _Command]:
    """Declares the option and the environment variable of one limit."""
    variable = f"GONGKAI_{name.upper().replace('-', '_')}"
    return click.option(
        f"--{name}",
        default=default,
        show_default=True,
        type=click.IntRange(1, most),
        envvar=variable,
        show_envvar=True,
        help=description,
    )


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址 · Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="端口，0 为任一空闲端口 · Port; 0 takes any free one.",
)
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="线程数 · Threads.")
@click.option(
    "--public-url",
    default="",
    envvar=PUBLIC_URL,
    show_envvar=True,
    help="网站对外的地址，用于订阅、站点地图和文件 · Public URL of the site, for feeds, sitemaps and files.",
)
@click.option(
    "--trusted-hosts",
    default="",
    envvar=TRUSTED_HOSTS,
    show_envvar=True,
    help="除本机和 --host 外应答的主机名，用逗号分开 · Host names to answer to, besides this machine and --host.",
)
@click.option(
    "--trusted-proxy",
    default="",
    envvar="GONGKAI_TRUSTED_PROXY",
    show_envvar=True,
    help="可信代理的 IP 地址，以其 X-Forwarded-For 为读者地址 · IP address of the proxy whose headers are trusted.",
)
@click.option(
    "--metrics",
    type=click.Choice(["loopback", "all"]),
    default="loopback",
    show_default=True,
    envvar=METRICS,
    show_envvar=True,
    help="谁可以读 /metrics 和 /status · Who may read /metrics and /status.",
)
@click.option(
    "--feedback",
    default="",
    envvar=FEEDBACK,
    show_envvar=True,
    help="读者报告错误的地址，mailto: 或 https: · Where readers report mistakes, mailto: or https:.",
)
@_limit("connections", DEFAULTS.connections, "同时的连接数 · Concurrent connections.")
@_limit(
    "connections-per-address",
    DEFAULTS.connections_per_address,
    "一个地址同时的连接数 · Concurrent connections of one address.",
)
@_limit(
    "requests-per-address",
    DEFAULTS.requests_per_address,
    "一个地址同时的请求数，更多的答 429 · Concurrent requests of one address; more get 429.",
)
@_limit("timeout", DEFAULTS.seconds, "等候慢连接的秒数 · Seconds to wait for a slow or idle connection.", most=3600)
@click.pass_obj
def serve(
    context: Context,
    host: str,
    port: int,
    threads: int,
    public_url: str,
    trusted_hosts: str,
    trusted_proxy: str,
    metrics: str,
    feedback: str,
    connections: int,
    connections_per_address: int,
    requests_per_address: int,
    timeout: int,
) -> None:
    names, every_address = _names(host)
    values = {PUBLIC_URL: public_url, TRUSTED_HOSTS: trusted_hosts, METRICS: metrics, FEEDBACK: feedback}
    settings = SiteSettings.read(values, names, addresses=every_address)
    limits = ServerLimits(
        connections, connections_per_address, requests_per_address, timeout, _proxy_address(trusted_proxy)
    )
    listening = _listen(host, port)
    log_to_stderr()
    app = create_app(context.home, settings, files_at_once=max(1, threads // 2))
    server = server_of(app, listening, threads, limits)
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listening.getsockname()[1]}/"
    click.echo(context.say(f"网站已开放：{address}（按 Ctrl+C 停止）", f"Serving {address} (Ctrl+C ends it)"))
    if every_address and not (trusted_hosts or public_url):
        listed = ", ".join(("localhost", *names))
        click.echo(
            context.say(
                f"应答 IP 地址和这些主机名：{listed}。要用别的域名，请加 --trusted-hosts 域名，"
                "或者用 --public-url 写明网站对外的地址。",
                f"Answers to IP addresses and to these host names: {listed}. For other names, add --trusted-hosts NAME "
                "or give the public URL of the site with --public-url.",
            )
        )
    threading.Thread(target=warm, args=(app,), daemon=True).start()
    server.run()


def _names(host: str) -> tuple[tuple[str, ...], bool]:
    """The host names that `--host` implies, and whether it means every address of the machine."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        name = socket.gethostname()
        with suppress(GongkaiError):
            return read_hosts(name if "." in name else f"{name} {name}.local"), True
        return (), True
    with suppress(GongkaiError):
        return read_hosts(f"[{host}]" if ":" in host else host), False
    return (), False  # `_listen` reports it


def _proxy_address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text)) if text else None
    except ValueError as error:
        raise GongkaiError(
            f"--trusted-proxy 是代理的 IP 地址，例如 127.0.0.1，不是“{text}”。",
            f"--trusted-proxy is the IP address of the proxy, such as 127.0.0.1, not “{text}”.",
        ) from error


def _listen(host: str, port: int) -> socket.socket:
    """Opens the socket first, so that an unusable address is reported before the site is built.

    Raises:
        GongkaiError: if the host is not an address of this machine, or the port is in use or not allowed.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family)
    except (socket.gaierror, UnicodeError) as error:
        raise _no_address(host) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _no_address(host) from error
        other = port + 1 if port < 65535 else 8000
        raise GongkaiError(
            f"不能在 {host}:{port} 开放网站（{error.strerror}），端口多半已被别的程序占用。"
            f"请换一个，例如 --port {other}。",
            f"Cannot serve on {host}:{port} ({error.strerror}); another program probably uses the port. "
            f"Choose another one, such as --port {other}.",
        ) from error


def _no_address(host: str) -> GongkaiError:
    return GongkaiError(
        f"本机没有“{host}”这个地址。请用 --host 给出本机的地址，例如 127.0.0.1。",
        f"This machine has no address “{host}”. Give one of its own with --host, such as 127.0.0.1.",
    )
