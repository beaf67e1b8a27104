"""Two languages, each page under an address of its own: Chinese without a prefix, English under `/en/`."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, has_request_context, request, url_for
from flask_babel import Babel

from archive import Language

PREFIXES: dict[Language, str] = {"zh": "", "en": "/en"}
HTML_LANG: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def install(app: Flask) -> None:
    """Let every template speak the language of its address."""
    Babel(app, default_locale="zh", locale_selector=language)
    app.jinja_env.globals.update(link=link, elsewhere=elsewhere, zip=zip)
    app.context_processor(lambda: {"language": language(), "html_lang": HTML_LANG[language()]})


def language() -> Language:
    """The language that the address asks for; the path alone says it, so that a page not found has one too."""
    path = request.path if has_request_context() else "/"
    return "en" if path == "/en" or path.startswith("/en/") else "zh"


def link(endpoint: str, **values: object) -> str:
    """The address of a page in the language of this one: `link("search.results", q="微博")`."""
    return url_for(f"{language()}.{endpoint}", **values)  # type: ignore[arg-type]


def plain_path() -> str:
    """The path of this page without its language, beginning with one slash and no more."""
    # Two slashes would be the beginning of another host's address.
    return "/" + request.path.removeprefix(PREFIXES[language()]).lstrip("/")


def elsewhere(code: Language) -> str:
    """The address of this same page, with everything asked, in that language."""
    address = f"{request.script_root}{PREFIXES[code]}{quote(plain_path())}"
    asked = request.query_string.decode("ascii", "replace")
    return f"{address}?{asked}" if asked else address
