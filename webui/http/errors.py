"""What goes wrong, as a page for a person and as problem+json for a program, with what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import NotRequired

from flask import Flask, Response, g, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, InternalServerError

from archive.errors import Ambiguous, GongkaiError, InvalidRequest, NotFound
from archive.export.json_types import Count, Json, shape
from indexer.query.fields import FIELDS
from indexer.query.query_errors import FilterError, QueryError
from webui.http.i18n import language, plain_path

RETRY_AFTER = 60  # seconds; an index of one page takes less


class ParameterError(InvalidRequest):
    """A parameter of the address that says nothing this page knows."""


class NotHeldError(NotFound):
    """An agency or a report that the archive does not hold; `agency` and `keys` say what it does hold."""

    def __init__(self, zh: str, en: str, agency: str | None = None, keys: tuple[str, ...] = ()) -> None:
        super().__init__(zh, en)
        self.agency = agency
        self.keys = keys


STATUS: dict[type[GongkaiError], HTTPStatus] = {
    InvalidRequest: HTTPStatus.BAD_REQUEST,
    Ambiguous: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
}
"""Statuses by cause. The other causes (no index yet, a home of another user) are for the operator to correct: 503."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A query cut where its mistake stands, so that a page can point at it."""

    before: str
    at: str
    after: str


PROBLEM = shape(
    "problem",
    type=str,
    title=str,
    status=int,
    detail=str,
    position=NotRequired[Count],
    held=NotRequired[list[str]],
    did_you_mean=NotRequired[str],
)
"""Problem details (RFC 9457): `position` of a mistake in the query, `held` for the keys of the agency's reports,
`did_you_mean` for the query with a likely correction."""


def install(app: Flask) -> None:
    """Every error leaves through here."""
    app.register_error_handler(GongkaiError, _mistake)
    app.register_error_handler(HTTPException, _refusal)


def pointed(query: str, position: int) -> Pointed:
    """The query around the code point at `position`, counted from 0; past its end, there is nothing `at` it."""
    return Pointed(query[:position], query[position : position + 1], query[position + 1 :])


def _mistake(error: GongkaiError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
    detail = error.message(language())
    # A filter that cannot be read is a mistake too, but not one in what was typed.
    position = error.position if isinstance(error, QueryError) and not isinstance(error, FilterError) else None
    if _wants_json():
        more: Json = {} if position is None else {"position": position}
        if isinstance(error, NotHeldError) and error.keys:
            more["held"] = list(error.keys)
        if error.did_you_mean:
            more["did_you_mean"] = error.did_you_mean
        response = _problem(status, detail, **more)
    else:
        asked = str(g.get("asked") or request.args.get("q", ""))  # of several queries, the one with the mistake
        at = None if position is None else pointed(asked, position)
        page = render_template(
            "errors/mistake.html",
            error=error,
            status=status,
            title=_title(status),
            detail=detail,
            q=asked,
            at=at,
            # what was chosen beside the query is asked again with it, unless it is what cannot be read
            kept=() if isinstance(error, FilterError | ParameterError) else tuple(_filters()),
        )
        response = Response(page, status)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _filters() -> Iterator[tuple[str, str]]:
    return ((name, value) for name in FIELDS for value in request.args.getlist(name))


def _refusal(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself refuses, and (as `InternalServerError`) what is a bug of ours, already in the log."""
    status = HTTPStatus(error.code or InternalServerError.code)
    if error.response is not None or 300 <= status < 400:  # a redirect on its way
        return error.get_response()
    detail = _refusal_detail(status)
    if _wants_json():
        response = _problem(status, detail)
    else:
        page = render_template("errors/refusal.html", status=status, title=_title(status), detail=detail)
        response = Response(page, status)
    if allowed := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allowed
    return response


def _wants_json() -> bool:
    return plain_path().startswith(("/api/", "/healthz", "/readyz"))


def _problem(status: HTTPStatus, detail: str, **more: object) -> Response:
    body = {"type": "about:blank", "title": _title(status), "status": int(status), "detail": detail, **more}
    return Response(json.dumps(body) + "\n", status, mimetype="application/problem+json")


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.BAD_REQUEST: gettext("这样问，没有读懂"),
        HTTPStatus.NOT_FOUND: gettext("这里没有"),
        HTTPStatus.METHOD_NOT_ALLOWED: gettext("这里只供阅读"),
        HTTPStatus.SERVICE_UNAVAILABLE: gettext("暂时还不能回答"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("出了错，是我们的错"),
    }
    return str(titles.get(status, status.phrase))


def _refusal_detail(status: HTTPStatus) -> str:
    details = {
        HTTPStatus.NOT_FOUND: gettext("没有这个地址的页面。请从下面的入口进入，或者检索要找的文字。"),
        HTTPStatus.METHOD_NOT_ALLOWED: gettext("这个地址只能用 GET 阅读。"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("这一页没有做出来，错误已记入日志。请稍后再试，或者换一个问法。"),
    }
    return str(details.get(status, gettext("这个请求无法处理，请检查地址后再试。")))
