"""Creates the Flask application of the site."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask.json.provider import DefaultJSONProvider
from msgspec import to_builtins

from webui import data_access
from webui.http import crawlers, errors, feedback, hooks, hosts, i18n, page_cache, static_assets, streaming, telemetry
from webui.http.settings import SiteSettings
from webui.params.basket_params import MOST_KEPT
from webui.params.figure_params import load_stating
from webui.params.known_params import refuse_unknown_params
from webui.render.pictures.png import has_font
from webui.views import (
    advanced,
    agencies,
    aggregates,
    api,
    basket,
    cite,
    cite_count,
    collocates,
    compare,
    concordance,
    coverage,
    divisions,
    explore,
    export,
    facets,
    figures,
    home,
    matrix,
    originals,
    ranking,
    reports,
    search,
    trends,
)
from webui.views import (
    help as help_pages,
)
from webui.views.operation import status

PAGES = (
    home.home,
    search.search,
    advanced.advanced,
    facets.facets,
    export.export,
    cite_count.counting,
    concordance.concordance,
    collocates.collocates,
    trends.trends,
    matrix.matrix,
    explore.exploring,
    reports.reports,
    originals.originals,
    cite.citing,
    basket.basket,
    compare.comparing,
    agencies.agencies,
    coverage.coverage,
    divisions.divisions,
    aggregates.aggregates,
    figures.figures,
    ranking.ranking,
    help_pages.pages,
    status.status,
    crawlers.machines,
    api.api,
)

LOCAL = SiteSettings()


class ReadableJSON(DefaultJSONProvider):
    """JSON that people can read, too: Han is not escaped, and keys keep the order of the dataclass."""

    ensure_ascii = False
    sort_keys = False
    default = staticmethod(to_builtins)


def create_app(home: Path, settings: SiteSettings = LOCAL, *, files_at_once: int = 2) -> Flask:
    """Creates the site over the archive at `home`, which is opened at the first request.

    Args:
        home: the home of the archive.
        settings: the host names and the public URL of the site.
        files_at_once: the limit of concurrent complete exports; fewer than the threads of the server.
    """
    app = Flask(__name__.partition(".")[0])
    app.config["HOME"] = home
    app.extensions["gongkai.settings"] = settings
    app.json = ReadableJSON(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["most_kept"] = MOST_KEPT
    telemetry.install(app)
    data_access.install(app)
    streaming.install(app, files_at_once)
    i18n.install(app)
    static_assets.install(app)
    errors.install(app)
    page_cache.install(app)
    hooks.install(app)
    hosts.install(app, settings)
    feedback.install(app, settings.feedback)
    app.extensions["gongkai.warm"] = (has_font, load_stating, ranking.load_ranking)
    app.register_blueprint(api.health)
    app.register_blueprint(telemetry.telemetry)
    app.register_blueprint(crawlers.crawled)
    site = Blueprint("site", __name__)
    site.before_request(refuse_unknown_params)
    for page in PAGES:
        site.register_blueprint(page)
    for code, prefix in i18n.PREFIXES.items():
        app.register_blueprint(site, name=code, url_prefix=prefix or None)
    return app
