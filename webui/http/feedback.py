"""Fills the address to which readers report mistakes, a mailto: or https: template that the operator sets."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from flask import Flask

from archive.errors import GongkaiError

FEEDBACK = "GONGKAI_FEEDBACK"
HOLES = ("report", "address", "lines")
_HOLE = re.compile(r"\{(?P<name>[^{}]*)\}")
# 'archive@example.org': one address without what HTML or a header would read as something else
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_REFUSED = re.compile(r"[\s\"'<>\\^`|\x00-\x1f\x7f]")
_DEFAULT = "subject={report}&body={address}%20{lines}"


def install(app: Flask, template: str) -> None:
    """Gives every template the function `feedback`, which returns an empty text without a setting."""

    def feedback(report: object = "", address: object = "", lines: object = "") -> str:
        return fill(template, report=str(report), address=str(address), lines=str(lines)) if template else ""

    app.jinja_env.globals["feedback"] = feedback


def fill(template: str, **values: str) -> str:
    """The address with its holes filled, each value percent-encoded."""
    return _HOLE.sub(lambda hole: quote(values[hole["name"]], safe=""), template)


def read_feedback(text: str) -> str:
    """Checks a template; one without a hole gets those of a mail or of a query string.

    Raises:
        GongkaiError: for an address that is neither mailto: nor https:, and for an unknown hole.
    """
    text = text.strip()
    if not text:
        return ""
    fixed, _, holes = text.partition("?")
    names = {hole["name"] for hole in _HOLE.finditer(text)}
    if not _is_address(fixed) or _REFUSED.search(text) or "#" in text:
        raise GongkaiError(
            f"{FEEDBACK} 应是 mailto: 或 https: 地址，不是“{text}”。例如 mailto:archive@example.org，"
            "或 https://example.org/new?title={report}&body={address}。",
            f"{FEEDBACK} is a mailto: or https: address, not “{text}”. Give mailto:archive@example.org, or "
            "https://example.org/new?title={report}&body={address}.",
        )
    if names - set(HOLES) or "{" in _HOLE.sub("", holes) or "}" in _HOLE.sub("", holes):
        raise GongkaiError(
            f"{FEEDBACK} 的花括号里只能写 report、address 或 lines。",
            f"Braces in {FEEDBACK} hold report, address or lines only.",
        )
    return text if names else f"{text}{'&' if holes else '?'}{_DEFAULT}"


def _is_address(fixed: str) -> bool:
    """Whether the part before the query string is a mailbox or the URL of a site; it has no hole."""
    if "{" in fixed or "}" in fixed:
        return False
    if fixed.lower().startswith("mailto:"):
        return _MAILBOX.fullmatch(fixed[len("mailto:") :]) is not None
    try:
        url = urlsplit(fixed)
        return url.scheme == "https" and bool(url.hostname) and url.username is None and (url.port or 1) > 0
    except ValueError:
        return False
