"""Sends pictures, and makes the addresses and the code by which a page offers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, current_app, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.urls import uri_to_iri

from archive.errors import GongkaiError
from indexer.index import indexed_revision
from webui.data_access import revision
from webui.http.i18n import HTML_LANG, language, link
from webui.http.security_headers import EMBEDDABLE
from webui.params.count_params import CountParams
from webui.render.chips import chips
from webui.render.pictures.charts import PictureChart
from webui.render.pictures.framed import Picture, PictureCaption
from webui.render.pictures.png import has_font, png
from webui.render.references import state_of_catalogue

Arguments = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """What a page offers of its chart: addresses of the files and HTML for other sites. No `png` without a font."""

    svg: str
    png: str | None
    csv: str | None
    image: str
    frame: str


def drawn(
    page: str,
    arguments: Arguments,
    title: str,
    query: str,
    chart: PictureChart,
    note: str = "",
    version: str | None = None,
) -> Picture:
    """Draws the chart of the page with an endpoint and URL parameters; `version` is that of the catalogue if None."""
    caption = PictureCaption(
        title,
        query,
        gettext("统计依据：%(version)s", version=version or _version_of_catalogue()),
        date.today().isoformat(),
        uri_to_iri(_external(page, arguments)),
        note,
    )
    return Picture(caption, chart, HTML_LANG[language()])


def picture_files(
    page: str, arguments: Arguments, title: str, picture: Picture, csv: str | None = None
) -> PictureFiles:
    """The files of a chart. The endpoint of its pictures is `picture` in the blueprint of the page."""
    endpoint = f"{page.partition('.')[0]}.picture"
    svg = {**arguments, "suffix": "svg"}
    source, to = _external(endpoint, svg), _external(page, arguments)
    named = (title, picture.width, picture.height)
    return PictureFiles(
        link(endpoint, **svg),
        link(endpoint, **{**arguments, "suffix": "png"}) if has_font() else None,
        csv,
        _embedding('<a href="{}"><img src="{}" alt="{}" width="{}" height="{}"></a>', to, source, *named),
        _embedding('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>', source, *named),
    )


def send_picture(picture: Picture, suffix: str, name: str) -> Response:
    """Sends an SVG, which other sites may show in a frame, or a PNG."""
    if suffix == "svg":
        response = Response('<?xml version="1.0" encoding="UTF-8"?>\n' + picture.svg(), mimetype="image/svg+xml")
    else:
        response = Response(png(picture), mimetype="image/png")
    response.headers["Content-Security-Policy"] = EMBEDDABLE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.{suffix}")
    return response


def counted_text(question: CountParams) -> str:
    """The queries and filters of a count as one line."""
    filters = (f"{chip.name} {chip.label}" for chip in chips(question, lambda _: ""))
    return listed([*question.queries, *filters])


def listed(parts: Iterable[object]) -> str:
    """The parts that are not empty, on one line."""
    return " · ".join(str(part) for part in parts if part)


def _embedding(html: str, *values: object) -> str:
    return str(Markup(html).format(*values))  # noqa: S704 (escapes the values)


def _external(endpoint: str, arguments: Arguments) -> str:
    return url_for(f"{language()}.{endpoint}", _external=True, **arguments)  # type: ignore[arg-type]


def _version_of_catalogue() -> str:
    """The revision of the catalogue, and the content hash if the index is of the same revision."""
    version = state_of_catalogue(language())
    try:
        indexed, as_of = indexed_revision(current_app.config["HOME"])
    except GongkaiError:  # figures need no index
        return version
    if indexed != revision():
        return version
    return listed([version, gettext("内容哈希 %(content)s", content=as_of.short)])
