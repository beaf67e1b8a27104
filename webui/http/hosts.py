"""Refuses requests for other hosts, and puts the public URL in place of the request's own.

`TRUSTED_HOSTS` of Flask would leave error pages without a URL adapter, compares case, and cannot match an IPv6 address.
The check therefore runs before Flask, which sees a valid host in every request.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from webui.http.errors import LocalOnlyError, UntrustedHostError
from webui.http.settings import SiteSettings, host_name

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
# Headers that a proxy adds: the peer is then not the client.
FORWARDED = (
    *("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"),
    "HTTP_X_REAL_IP",
)
_REFUSED = "gongkai.refused_host"
_LOCAL = "gongkai.is_local"


def install(app: Flask, settings: SiteSettings) -> None:
    app.wsgi_app = _Hosts(app.wsgi_app, settings)  # type: ignore[method-assign]


def refuse_untrusted() -> None:
    """Raises UntrustedHostError for a request whose host the site does not answer to."""
    refused = request.environ.get(_REFUSED)
    if refused is not None:
        raise UntrustedHostError(refused)


def refuse_other_machines() -> None:
    """Raises LocalOnlyError for a request from another machine or a proxy, unless the settings allow it."""
    settings: SiteSettings = current_app.extensions["gongkai.settings"]
    if settings.metrics != "all" and not request.environ.get(_LOCAL):
        raise LocalOnlyError


def is_trusted(host: str, settings: SiteSettings) -> bool:
    """Whether the site answers to a `Host` header; False for a malformed one."""
    name = host_name(host)
    if name is None:
        return False
    trusted = (*LOOPBACK_NAMES, *settings.trusted_hosts, host_name(urlsplit(settings.public_url).netloc))
    return (
        name in trusted
        or any(each and each.startswith(".") and f".{name}".endswith(each) for each in trusted)
        or (settings.trust_addresses and _address(name.strip("[]")) is not None)
    )


class _Hosts:
    """A WSGI application that checks the host of a request and passes it on."""

    def __init__(self, application: WSGIApplication, settings: SiteSettings) -> None:
        self._application = application
        self._settings = settings
        self._public = urlsplit(settings.public_url) if settings.public_url else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        peer = _address(environ.get("REMOTE_ADDR", ""))
        forwarded = any(header in environ for header in FORWARDED)
        environ[_LOCAL] = bool(peer and peer.is_loopback and not forwarded and host_name(host) in LOOPBACK_NAMES)
        if not is_trusted(host, self._settings):
            environ[_REFUSED] = host
            environ["HTTP_HOST"] = "localhost"  # the error page needs a valid one for its links
        if self._public is not None:
            prefix, path = self._public.path, environ.get("PATH_INFO", "")
            environ["wsgi.url_scheme"] = self._public.scheme
            environ["HTTP_HOST"] = self._public.netloc
            environ["SCRIPT_NAME"] = prefix
            if prefix and (path == prefix or path.startswith(f"{prefix}/")):  # a proxy may or may not remove it
                environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
        return self._application(environ, start_response)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
