"""Serves static files under URLs that change with their content, so that browsers can cache them permanently."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

MAX_AGE = 365 * 24 * 3600  # seconds
_DIGITS = 12
# 'site.0a1b2c3d4e5f.css', 'vendor/echarts.0a1b2c3d4e5f.min.js' -> the name without its fingerprint
_MARKED = re.compile(rf"(?P<stem>[^.]+)\.(?P<mark>[0-9a-f]{{{_DIGITS}}})(?P<suffix>\..+)")


def install(app: Flask) -> None:
    """Adds a fingerprint to the names of `url_for("static", filename=…)`, which the view removes."""
    app.url_defaults(_mark)
    app.view_functions["static"] = _send


def _mark(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static":
        stem, dot, suffix = str(values["filename"]).partition(".")
        values["filename"] = f"{stem}.{_fingerprint(_folder(), stem + dot + suffix)}{dot}{suffix}"


def _send(filename: str) -> Response:
    marked = _MARKED.fullmatch(filename)
    name = f"{marked['stem']}{marked['suffix']}" if marked else filename
    response = send_from_directory(_folder(), name)
    if marked and marked["mark"] == _fingerprint(_folder(), name):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = MAX_AGE
        response.cache_control.immutable = True
    return response


def _folder() -> Path:
    return Path(current_app.root_path) / "static"


@functools.cache
def _fingerprint(folder: Path, name: str) -> str:
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:_DIGITS]
