"""Two languages, each page under an address of its own: Chinese without a prefix, English under `/en/`."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, get_translations
from markupsafe import Markup, escape
from werkzeug.urls import uri_to_iri

from archive.errors import Language

# '公开', '应公开,尽公开', '2016年': from one character to the last one before a space or a quotation mark
_CHINESE = re.compile(r"[\u3400-\u9fff](?:[^\s“”\"]*[\u3400-\u9fff])?")
PREFIXES: dict[Language, str] = {"zh": "", "en": "/en"}
# What stands in a question as it is, Han too: an address in HTML may, and `%E5%85%AC` is three times as long as 公.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$()*,/:;?@")
_ASKED = {code: f"%{code:02X}" for code in range(128) if chr(code) not in _PLAIN} | {ord(" "): "+"}
HTML_LANG: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def install(app: Flask) -> None:
    """Let every template speak the language of its address."""
    Babel(app, default_locale="zh", locale_selector=language)
    # Babel looks both up again for each of the hundred texts and numbers of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of an extension
        lambda text: _translations().ugettext(text),
        lambda one, several, number: _translations().ungettext(one, several, number),
        newstyle=True,
    )
    app.jinja_env.filters["numberformat"] = "{:,}".format  # 12,345 in both languages
    app.jinja_env.filters["spoken"] = spoken
    app.jinja_env.globals.update(link=link, elsewhere=elsewhere, zip=zip)
    app.context_processor(lambda: {"language": language(), "html_lang": HTML_LANG[language()]})


def language() -> Language:
    """The language that the address asks for; the path alone says it, so that a page not found has one too."""
    path = request.path if has_request_context() else "/"
    return "en" if path == "/en" or path.startswith("/en/") else "zh"


def link(endpoint: str, **values: object) -> str:
    """The address of a page in the language of this one, as HTML has it: `link("search.results", q="微博")`."""
    spelled = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
    return _path(request.script_root, f"{language()}.{endpoint}", spelled)


def link_asking(endpoint: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    """The same where all that is given stands in the question, quicker: most links of a page of hits are so."""
    asked = "&".join(
        f"{name}={each.translate(_ASKED)}"
        for name, value in parameters.items()
        for each in ([value] if isinstance(value, str) else value)
    )
    return f"{link(endpoint)}?{asked}" if asked else link(endpoint)


@functools.lru_cache(maxsize=4096)
def _path(_prefix: str, endpoint: str, values: tuple[tuple[str, object], ...]) -> str:
    """A path, which stays as it is as long as the program runs under the same prefix of a proxy.

    A page has dozens, and most of them stand on other pages, too.
    """
    return uri_to_iri(url_for(endpoint, **dict(values)))  # type: ignore[arg-type]


def plain_path() -> str:
    """The path of this page without its language, beginning with one slash and no more."""
    # Two slashes would be the beginning of another host's address.
    return "/" + request.path.removeprefix(PREFIXES[language()]).lstrip("/")


def spoken(text: str) -> Markup:
    """A sentence in which words of Chinese are said to be such, where the page is English: a voice changes for them."""
    safe = escape(text)
    return safe if language() == "zh" else Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(safe)))  # noqa: S704 (escaped)


def elsewhere(code: Language) -> str:
    """The address of this same page, with everything asked, in that language."""
    address = f"{request.script_root}{PREFIXES[code]}{quote(plain_path())}"
    asked = request.query_string.decode("utf-8", "replace")
    return uri_to_iri(f"{address}?{asked}" if asked else address)


def _translations() -> Translations | NullTranslations:
    """Those of the language of this page, looked up once."""
    if "translations" not in g:
        g.translations = get_translations()
    found: Translations | NullTranslations = g.translations
    return found
