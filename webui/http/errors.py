"""Renders errors: a page for people, problem+json for programs, each with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import NotRequired

from flask import Flask, Response, current_app, g, json, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from werkzeug.exceptions import HTTPException, InternalServerError

from archive.errors import Ambiguous, GongkaiError, InvalidRequest, Language, NotFound
from archive.export.json_types import Count, Json, shape
from archive.system_errors import translated
from indexer.query.fields import FIELDS
from indexer.query.query_errors import FilterError, QueryError
from webui.data_access import page_reports
from webui.http.i18n import language, plain_path, prefers_english

RETRY_AFTER = 60  # seconds; an index of one page takes less


class ParameterError(InvalidRequest):
    """A URL parameter with a value that the page does not know. Status 400."""


class NotHeldError(NotFound):
    """An agency or a report that is not in the archive. Status 404. `keys` are the reports of `agency` that are."""

    def __init__(self, zh: str, en: str, agency: str | None = None, keys: tuple[str, ...] = ()) -> None:
        super().__init__(zh, en)
        self.agency = agency
        self.keys = keys


class UntrustedHostError(InvalidRequest):
    """A `Host` header that is malformed or not among the names of the site. Status 400."""

    def __init__(self, host: str) -> None:
        shown = host[:80]
        super().__init__(
            f"这个网站的主机名不是“{shown}”。网站的管理者可以用 --trusted-hosts 或 GONGKAI_TRUSTED_HOSTS 加上它。",
            f"This site does not answer to the host “{shown}”. Its operator can allow the name with --trusted-hosts or "
            "GONGKAI_TRUSTED_HOSTS.",
        )


class LocalOnlyError(InvalidRequest):
    """A request for metrics or status from another machine. Status 403."""

    def __init__(self) -> None:
        super().__init__(
            "运行数据只供本机读取。要供别的机器读取，请设 GONGKAI_METRICS=all。",
            "Metrics and status are for this machine only. GONGKAI_METRICS=all opens them to other machines.",
        )


STATUS: dict[type[GongkaiError], HTTPStatus] = {
    LocalOnlyError: HTTPStatus.FORBIDDEN,
    InvalidRequest: HTTPStatus.BAD_REQUEST,
    Ambiguous: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
}
"""Statuses by cause. The operator has to correct the other causes, such as a missing index: 503."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A query split at the position of its error."""

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
    app.register_error_handler(GongkaiError, _mistake)
    app.register_error_handler(OSError, _file_error)
    app.register_error_handler(HTTPException, _refusal)


def pointed(query: str, position: int) -> Pointed:
    """Splits a query at the code point `position`, counted from 0; `at` is empty at the end of the query."""
    return Pointed(query[:position], query[position : position + 1], query[position + 1 :])


def _mistake(error: GongkaiError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
    with force_locale(_error_language()):
        title = _title_of(error)
    detail = error.message(_error_language())
    # An invalid filter is an error, too, but its position is not one in the query.
    position = error.position if isinstance(error, QueryError) and not isinstance(error, FilterError) else None
    if _wants_json():
        more: Json = {} if position is None else {"position": position}
        if isinstance(error, NotHeldError) and error.keys:
            more["held"] = list(error.keys)
        if error.did_you_mean:
            more["did_you_mean"] = error.did_you_mean
        response = _problem(status, detail, title, **more)
    else:
        query = str(g.get("asked") or request.args.get("q", ""))  # of several queries, the one with the error
        at = None if position is None else pointed(query, position)
        page = render_template(
            "errors/mistake.html",
            error=error,
            status=status,
            title=title or _title(status),
            detail=detail,
            q=query,
            at=at,
            # http://… is no query: “http” is no field
            page_reports=page_reports(query) if isinstance(error, QueryError) else None,
            # the search form keeps the filters, unless they are the error
            kept=() if isinstance(error, FilterError | ParameterError) else tuple(_filters()),
        )
        response = Response(page, status)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _file_error(error: OSError) -> Response:
    if (reported := translated(error, current_app.config["HOME"])) is None:
        raise error
    current_app.logger.error("%s", reported.en)
    return _mistake(reported)


def _filters() -> Iterator[tuple[str, str]]:
    return ((name, value) for name in FIELDS for value in request.args.getlist(name))


def _refusal(error: HTTPException) -> ResponseReturnValue:
    """Renders errors of Flask and, as `InternalServerError`, unexpected exceptions, which are in the log already."""
    status = HTTPStatus(error.code or InternalServerError.code)
    if error.response is not None or 300 <= status < 400:  # a redirect
        return error.get_response()
    with force_locale(_error_language()):
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


def _error_language() -> Language:
    """The language of the URL; for programs, English at a Chinese URL, too, if they ask for it."""
    return "en" if _wants_json() and prefers_english() else language()


def _problem(status: HTTPStatus, detail: str, title: str | None = None, **more: object) -> Response:
    with force_locale(_error_language()):
        title = title or _title(status)
    body = {"type": "about:blank", "title": title, "status": int(status), "detail": detail, **more}
    response = Response(json.dumps(body) + "\n", status, mimetype="application/problem+json")
    response.vary.add("Accept-Language")
    return response


def _title_of(error: GongkaiError) -> str | None:
    """The title of an error that its status alone does not tell."""
    if isinstance(error, UntrustedHostError):
        return str(gettext("未知主机名"))
    return str(gettext("检索式有误")) if isinstance(error, QueryError) else None


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.BAD_REQUEST: gettext("参数有误"),
        HTTPStatus.FORBIDDEN: gettext("此处无权读取"),
        HTTPStatus.NOT_FOUND: gettext("页面不存在"),
        HTTPStatus.METHOD_NOT_ALLOWED: gettext("仅支持读取"),
        HTTPStatus.SERVICE_UNAVAILABLE: gettext("暂时无法回答"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("系统出错"),
    }
    return str(titles.get(status, status.phrase))


def _refusal_detail(status: HTTPStatus) -> str:
    if status is HTTPStatus.NOT_FOUND and _wants_json():
        return str(gettext("接口没有这个地址。/help/api 列出全部地址。"))
    details = {
        HTTPStatus.NOT_FOUND: gettext("此地址没有页面。请从下面的链接进入，或检索报告全文。"),
        HTTPStatus.METHOD_NOT_ALLOWED: gettext("此地址只接受 GET 请求。"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("页面生成失败，错误已记入日志。请稍后再试，或更换检索词。"),
    }
    return str(details.get(status, gettext("这个请求无法处理，请检查地址后再试。")))
