"""Sets the security headers: pages load nothing from other sites, and links reveal no query to them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
# An original may be a hostile page: it may be saved, and runs nothing.
SANDBOX = "sandbox; default-src 'none'"
# Every page may show a picture, a local file and a notebook included, which `frame-ancestors *` would refuse. In a
# frame it runs nothing, and its link opens a new window.
EMBEDDABLE = "default-src 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add(response: Response) -> Response:
    """Adds the headers that the view did not set itself.

    The headers of a 304 replace those of the page that the client has, which may be other ones (`originals`).
    """
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.headers["Content-Security-Policy"] == EMBEDDABLE:
        del response.headers["X-Frame-Options"]
    return response
