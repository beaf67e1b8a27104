"""The site put together: rooms, languages, headers, errors, pages."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask.json.provider import DefaultJSONProvider

from webui import (
    agencies,
    api,
    citing,
    compare,
    coverage,
    errors,
    headers,
    home,
    language,
    pages,
    reports,
    rooms,
    search,
)

PAGES = (
    home.home,
    search.search,
    reports.reports,
    citing.citing,
    compare.comparing,
    agencies.agencies,
    coverage.coverage,
    pages.pages,
    api.api,
)


class ReadableJSON(DefaultJSONProvider):
    """JSON that a person can read too: Han stays Han, keys keep the order of FACE."""

    ensure_ascii = False
    sort_keys = False


def create_app(home: Path) -> Flask:
    """The site over the archive that lies at `home`; nothing is opened before the first question."""
    app = Flask(__name__.partition(".")[0])
    app.config["HOME"] = home
    app.json = ReadableJSON(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    rooms.install(app)
    language.install(app)
    headers.install(app)
    errors.install(app)
    app.register_blueprint(api.health)
    site = Blueprint("site", __name__)
    for page in PAGES:
        site.register_blueprint(page)
    for code, prefix in language.PREFIXES.items():
        app.register_blueprint(site, name=code, url_prefix=prefix or None)
    return app
