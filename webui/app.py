"""The site put together: rooms, languages, headers, errors, pages."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask.json.provider import DefaultJSONProvider
from flask_compress import Compress
from msgspec import to_builtins

from webui import data_access
from webui.http import errors, http_cache, i18n, page_cache, security_headers, static_assets, streaming, telemetry
from webui.views import (
    agencies,
    api,
    cite,
    cite_count,
    compare,
    concordance,
    coverage,
    crawlers,
    explore,
    export,
    facets,
    figures,
    home,
    matrix,
    ranking,
    reports,
    search,
    trends,
)
from webui.views import (
    help as help_pages,
)

PAGES = (
    home.home,
    search.search,
    facets.facets,
    export.export,
    cite_count.counting,
    concordance.concordance,
    trends.trends,
    matrix.matrix,
    explore.exploring,
    reports.reports,
    cite.citing,
    compare.comparing,
    agencies.agencies,
    coverage.coverage,
    figures.figures,
    ranking.ranking,
    help_pages.pages,
    crawlers.machines,
    api.api,
)


COMPRESSION = {
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_ALGORITHM_STREAMING": ["gzip"],
    "COMPRESS_MIMETYPES": [
        *("text/html", "text/css", "text/plain", "text/csv", "text/javascript", "image/svg+xml", "application/xml"),
        *("application/json", "application/problem+json", "application/atom+xml", "application/x-bibtex"),
        *("application/x-research-info-systems", "application/vnd.citationstyles.csl+json"),
    ],
    "COMPRESS_LEVEL": 6,
    "COMPRESS_BR_LEVEL": 4,
}


class ReadableJSON(DefaultJSONProvider):
    """JSON that a person can read too: Han stays Han, keys keep the order of FACE."""

    ensure_ascii = False
    sort_keys = False
    default = staticmethod(to_builtins)


def create_app(home: Path, *, files_at_once: int = 2) -> Flask:
    """The site over the archive that lies at `home`; nothing is opened before the first question.

    Args:
        home: the home.
        files_at_once: how many files of everything are made at a time; fewer than the server has threads.
    """
    app = Flask(__name__.partition(".")[0])
    app.config["HOME"] = home
    app.config.update(COMPRESSION)
    app.json = ReadableJSON(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    telemetry.install(app)
    data_access.install(app)
    streaming.install(app, files_at_once)
    i18n.install(app)
    security_headers.install(app)
    http_cache.install(app)
    static_assets.install(app)
    errors.install(app)
    Compress(app)
    page_cache.install(app)
    app.register_blueprint(api.health)
    app.register_blueprint(telemetry.telemetry)
    app.register_blueprint(crawlers.crawled)
    site = Blueprint("site", __name__)
    for page in PAGES:
        site.register_blueprint(page)
    for code, prefix in i18n.PREFIXES.items():
        app.register_blueprint(site, name=code, url_prefix=prefix or None)
    return app
