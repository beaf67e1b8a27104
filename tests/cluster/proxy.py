"""A server between the program and a node: it refuses and cuts what a test asks for, or adds TLS and a user."""

from __future__ import annotations

import base64
import datetime
import gzip
import http.client
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

Fault = Literal["cut"] | tuple[int, bytes] | None
"""What happens to a request: its connection is cut, it is answered with a status and a body, or it is forwarded."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes

    @property
    def is_bulk(self) -> bool:
        return self.path.partition("?")[0].endswith("/_bulk")

    @property
    def is_page(self) -> bool:
        """Whether it asks for one page of a scan."""
        return self.path.partition("?")[0] == "/_search" and b'"pit"' in self.body


@dataclass
class Proxy:
    """Forwards to a node unless `fault` decides otherwise; `seen` are the requests."""

    node: str
    login: tuple[str, str] | None = None
    fault: Callable[[Request], Fault] = lambda _: None
    refused: Callable[[int], bool] = lambda _: False
    """Whether an item of a bulk request is refused as by a full queue; items are numbered from the start."""
    seen: list[Request] = field(default_factory=list)
    items: int = 0
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def forward(self, request: Request, content_type: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.node, timeout=120)
        try:
            connection.request(request.method, request.path, request.body, {"content-type": content_type})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def bulk(self, request: Request, content_type: str) -> tuple[int, bytes]:
        """Forwards the items that are not refused."""
        lines, kept, refused = request.body.splitlines(keepends=True), list[bytes](), list[bool]()
        while lines:
            action = lines.pop(0)
            item = [action] if action.startswith(b'{"delete"') else [action, lines.pop(0)]
            refused.append(self.refused(self.items))
            self.items += 1
            kept += [] if refused[-1] else item
        left: list[Any] = []
        if kept:
            status, body = self.forward(Request(request.method, request.path, b"".join(kept)), content_type)
            if status != 200:
                return status, body
            left = json.loads(body)["items"]
        full = {"index": {"status": 429, "error": {"type": "rejected_execution_exception", "reason": "queue is full"}}}
        return 200, json.dumps({"errors": True, "items": [full if each else left.pop(0) for each in refused]}).encode()


@contextmanager
def proxy(node: str, certificate: Path | None = None, login: tuple[str, str] | None = None) -> Iterator[Proxy]:
    """Yields a proxy in front of a node; with a certificate, it speaks TLS only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that do not trust the certificate
    server.daemon_threads = True
    server.proxy = Proxy(node, login, port=server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.proxy  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        request = Request(self.command, self.path, body)
        proxy.seen.append(request)
        if proxy.login and self.headers.get("authorization") != _basic(proxy.login):
            self._answer(401, b"Unauthorized")
            return
        fault = proxy.fault(request)
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        content_type = self.headers.get("content-type") or "application/json"
        send = proxy.bulk if request.is_bulk else proxy.forward
        self._answer(*(fault or send(request, content_type)))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 (names of the library)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _basic(login: tuple[str, str]) -> str:
    """Returns the header of a user, whose name and password are in UTF-8, as OpenSearch reads them."""
    return "Basic " + base64.b64encode(":".join(login).encode()).decode()


def make_certificate(folder: Path, host: str = "127.0.0.1") -> Path:
    """Writes a key and a certificate for an address, signed by itself, to one file; returns it."""
    from cryptography import x509  # noqa: PLC0415 (optional)
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gongkai-test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
