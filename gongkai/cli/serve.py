"""`gongkai serve`: serves the site with waitress."""

from __future__ import annotations

import errno
import socket
import threading

import click
import waitress
from flask import Flask
from waitress.server import BaseWSGIServer

from archive.errors import GongkaiError
from gongkai.cli.context import Context
from webui.app import create_app
from webui.http.telemetry import log_to_stderr
from webui.http.warmup import warm

MOST_BYTES = 64 * 1024
"""The largest request body: the site answers GET only, and waitress accepts a gigabyte by default."""


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
@click.pass_obj
def serve(context: Context, host: str, port: int, threads: int) -> None:
    listening = _listen(host, port)
    log_to_stderr()
    app = create_app(context.home, files_at_once=max(1, threads // 2))
    server = server_of(app, listening, threads)
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listening.getsockname()[1]}/"
    click.echo(context.say(f"网站已开放：{address}（按 Ctrl+C 停止）", f"Serving {address} (Ctrl+C ends it)"))
    threading.Thread(target=warm, args=(app,), daemon=True).start()
    server.run()


def server_of(app: Flask, listening: socket.socket, threads: int) -> BaseWSGIServer:
    """Returns a waitress server for the site; closing it closes the socket."""
    return waitress.create_server(
        app,
        sockets=[listening],
        threads=threads,
        ident=None,
        max_request_body_size=MOST_BYTES,
        asyncore_use_poll=True,  # a large index has more than 1,024 files, the limit of select()
    )


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
