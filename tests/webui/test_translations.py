"""Every sentence of the site has an English translation, and the compiled catalogue is current."""

from __future__ import annotations

import io
import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_HAN = re.compile("[\u3400-\u9fff]")
_HOLES = re.compile(r"%\(\w+\)s")


def _folder() -> Traversable:
    return files("webui").joinpath("translations", "en", "LC_MESSAGES")


def _english() -> Catalog:
    with _folder().joinpath("messages.po").open("rb") as file:
        return read_po(file, locale="en")


def _sentences() -> dict[str, tuple[str, ...]]:
    """Every sentence that the sources mark, by its first form."""
    found = {}
    for _file, _line, message, _comments, _context in extract_from_dir(str(files("webui")), METHODS, keywords=KEYWORDS):
        forms = (message,) if isinstance(message, str) else tuple(message)
        found[forms[0]] = forms
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_sentence_is_translated_and_no_translation_is_left_over() -> None:
    translated = {_key(message) for message in _english() if message.id}
    assert translated == set(_sentences())


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_translations_are_whole() -> None:
    for message in filter(_key, _english()):
        forms, source = _forms(message), _key(message)
        assert all(forms) and not message.fuzzy, source
        assert set(_HAN.findall("".join(forms))) <= set(source), f"Han that only the translation has: {source}"
        assert set(_HOLES.findall(forms[-1])) == set(_HOLES.findall(source)), f"a hole lost: {source}"
        assert set(_HOLES.findall(forms[0])) <= set(_HOLES.findall(source)), f"a hole too many: {source}"


def test_the_compiled_file_is_up_to_date() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, _english())
    fresh.seek(0)
    with _folder().joinpath("messages.mo").open("rb") as file:
        compiled = {_key(message): _forms(message) for message in read_mo(file) if _key(message)}
    assert compiled == {_key(message): _forms(message) for message in read_mo(fresh) if _key(message)}
