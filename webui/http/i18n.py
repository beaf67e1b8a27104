"""Serves each page in two languages, at two URLs: Chinese without a prefix, English under `/en/`."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, get_translations, gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from werkzeug.urls import uri_to_iri

from archive.agencies.english_names import english_name
from archive.errors import Language
from archive.model import UNKNOWN_AGENCY_NAME

# '公开', '应公开,尽公开', '2016年': from one character to the last one before a space or a quotation mark
_CHINESE = re.compile(r"[\u3400-\u9fff](?:[^\s“”\"]*[\u3400-\u9fff])?")
PREFIXES: dict[Language, str] = {"zh": "", "en": "/en"}
# Characters of a query string that stay as they are in HTML; so do Han: `%E5%85%AC` is three times as long as 公.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$()*,/:;?@")
_QUERY = {code: f"%{code:02X}" for code in range(128) if chr(code) not in _PLAIN} | {ord(" "): "+"}
NO_COUNTS = frozenset({"year", "first", "last", "number", "page", "generation"})
"""Values of sentences that are whole numbers without thousands separators."""
HTML_LANG: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def install(app: Flask) -> None:
    """Renders every template in the language of its URL."""
    Babel(app, default_locale="zh", locale_selector=language)
    # Flask-Babel looks translations up for each of the hundred texts of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of an extension
        lambda text: _translations().ugettext(text),
        lambda one, several, number: _translations().ungettext(one, several, number),
        newstyle=True,
    )
    texts = app.jinja_env.globals
    texts.update({name: _with_separators(texts[name]) for name in ("gettext", "ngettext")})  # type: ignore[arg-type]
    app.jinja_env.filters["numberformat"] = "{:,}".format  # 12,345 in both languages
    app.jinja_env.filters["spoken"] = spoken
    app.jinja_env.globals.update(
        link=link, elsewhere=elsewhere, offers_english=offers_english, agency_name=agency_name, zip=zip
    )
    app.context_processor(lambda: {"language": language(), "html_lang": HTML_LANG[language()]})


def _with_separators(translate: Callable[..., str]) -> Callable[..., str]:
    """Writes the whole numbers of a sentence as 12,345, so that no template has to."""

    @pass_context
    def translated(context: Context, *texts: str | int, **values: object) -> str:
        if len(texts) == 3:  # of ngettext, whose number is the value of `num`
            values.setdefault("num", texts[-1])
        grouped = {
            name: f"{value:,}" if isinstance(value, int) and name not in NO_COUNTS else value
            for name, value in values.items()
        }
        return translate(context, *texts, **grouped)

    return translated


def language() -> Language:
    """The language of the URL; its path alone determines it, so that a page not found has one, too."""
    path = request.path if has_request_context() else "/"
    return "en" if path == "/en" or path.startswith("/en/") else "zh"


def prefers_english() -> bool:
    """Whether `Accept-Language` has English before Chinese, or other languages without Chinese."""
    accepted = [code.partition("-")[0].lower() for code, quality in request.accept_languages if quality > 0]
    known = [code for code in accepted if code in PREFIXES]
    return known[0] == "en" if known else any(map(str.isalpha, accepted))


def offers_english() -> bool:
    """Whether a Chinese page offers the English one, in one line; no page redirects."""
    return language() == "zh" and prefers_english()


def agency_text(name: str | None) -> str:
    """The name of an agency as plain text, on English pages in English by rules; a sentence without one."""
    if not name or name == UNKNOWN_AGENCY_NAME:
        return str(gettext("机关不详"))
    return name if language() == "zh" else english_name(name)


def agency_name(name: str | None, *, beside: bool = False) -> Markup:
    """Does the same as HTML. The title of an English name is the Chinese one, or that name is before it, `beside`."""
    text = agency_text(name)
    if not name or name == UNKNOWN_AGENCY_NAME or language() == "zh":
        return escape(text)
    if beside:
        form = '<span lang="zh-Hans">{0}</span> <span class="in-english" title="{2}">{1}</span>'
        return Markup(form).format(name, text, gettext("按规则译出，不是正式名称"))  # noqa: S704 (format escapes)
    # The language of an element is that of its title, too.
    form = '<span lang="zh-Hans" title="{0} · {2}"><span lang="en">{1}</span></span>'
    return Markup(form).format(name, text, gettext("按规则译出"))  # noqa: S704 (format escapes)


def link(endpoint: str, **values: object) -> str:
    """Returns the URL of a page in the language of this one, with Han unescaped: `link("search.results", q="微博")`."""
    spelled = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
    return _path(request.script_root, f"{language()}.{endpoint}", spelled)


def link_asking(endpoint: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    """Does the same if every value belongs to the query string, and is quicker: most links of a results page do."""
    query = "&".join(
        f"{name}={each.translate(_QUERY)}"
        for name, value in parameters.items()
        for each in ([value] if isinstance(value, str) else value)
    )
    return f"{link(endpoint)}?{query}" if query else link(endpoint)


@functools.lru_cache(maxsize=4096)
def _path(_prefix: str, endpoint: str, values: tuple[tuple[str, object], ...]) -> str:
    """A cached path: a page has dozens, and most of them are on other pages, too. It depends on the proxy's prefix."""
    return uri_to_iri(url_for(endpoint, **dict(values)))  # type: ignore[arg-type]


def plain_path() -> str:
    """The path of this page without its language, beginning with exactly one slash."""
    # A browser reads two slashes as the URL of another host.
    return "/" + request.path.removeprefix(PREFIXES[language()]).lstrip("/")


def spoken(text: str) -> Markup:
    """Marks the Chinese words of a sentence on an English page, for a screen reader; HTML stays as it is."""
    safe = escape(text)
    if language() == "zh" or "<" in safe:  # marked already
        return safe
    return Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(safe)))  # noqa: S704 (escaped)


def elsewhere(code: Language) -> str:
    """The URL of this page with its query string in another language."""
    address = f"{request.script_root}{PREFIXES[code]}{quote(plain_path())}"
    query = request.query_string.decode("utf-8", "replace")
    return uri_to_iri(f"{address}?{query}" if query else address)


def _translations() -> Translations | NullTranslations:
    """The translations of this request, looked up once."""
    if "translations" not in g:
        g.translations = get_translations()
    found: Translations | NullTranslations = g.translations
    return found
