"""Spells texts and phrases as the terms of an index.

A text is a row of terms, one for each character: it and the next one. A phrase is every second term of its own row, so
that half the postings are read. A term has a mark where a word begins before it, and where one ends behind it; the
index holds it with and without marks at one position, so that a phrase may ask for whole words.

Terms are separated by spaces. Characters that a term cannot contain are all spelled as one, `OTHER`: a phrase with such
a character is only a candidate, and is verified in the stored text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

BEGINS, ENDS = "\x02", "\x03"
HOLE = "\uffff"
"""A term of a phrase that may be anything."""
OTHER = "\ufffd"
_SPACE, _END = "\u2423", "\u2400"
_UNSAFE = re.compile("[\\s\x00-\x1f\x7f\x85\ud800-\udfff\ufffd\ufffe\uffff\u2423\u2400]")
WEIGHT = "\x01"
"""Separates a word from its weight."""
_LONGEST_WORD = 64  # characters; OpenSearch cuts terms, and a page may contain words of thousands (base64)


def spelled(form: str) -> str:
    """Returns a text in the normal form, one character for each character."""
    return _UNSAFE.sub(lambda found: _SPACE if found[0] == " " else OTHER, form)


def is_exact(form: str) -> bool:
    """Returns whether the terms of a phrase stand for its characters and no others."""
    return OTHER not in spelled(form)


def overlaps_itself(form: str) -> bool:
    """Returns whether two occurrences may overlap: then the number of starts is not the number of occurrences."""
    return any(form.startswith(form[start:]) for start in range(1, len(form)))


def gram_row(line: str, pieces: Iterable[str]) -> str:
    """Returns the terms of a paragraph, which consists of the pieces, as the analyzer `grams` reads them."""
    begins, ends, place = set[int](), set[int](), 0
    for piece in pieces:
        begins.add(place)
        place += len(piece)
        ends.add(place)
    text = spelled(line) + _END
    return " ".join(
        f"{BEGINS if at in begins else ''}{text[at : at + 2]}{ENDS if at + 2 in ends else ''}"
        for at in range(len(line))
    )


def single_words(pieces: Iterable[str]) -> str:
    """Returns the pieces of one character."""
    return " ".join(spelled(piece) for piece in pieces if len(piece) == 1)


def phrase_grams(form: str, *, whole: bool = False) -> tuple[str, int]:
    """Returns the terms of a phrase of two characters or more, with holes, and the number of those that are not holes.

    Args:
        form: the phrase in the normal form.
        whole: whether both ends are ends of words.
    """
    text, last = spelled(form), len(form) - 2
    wanted = {*range(0, last, 2), last}
    terms = [text[at : at + 2] if at in wanted else HOLE for at in range(last + 1)]
    if whole:
        terms[0] = BEGINS + terms[0]
        terms[-1] += ENDS  # of a phrase of two characters, the same term
    return " ".join(terms), len(wanted)


def word_term(word: str) -> str:
    """Returns the term of a word; a long one is abbreviated, with its hash."""
    if len(word) <= _LONGEST_WORD and not _UNSAFE.search(word) and WEIGHT not in word:
        return word
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{_UNSAFE.sub(OTHER, word[:16])}{OTHER}{digest}"


# A position of the nodes is a UTF-16 unit, ours is a character.
_NOT_COUNTED = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
_LONGEST_COUNTED = 10_000
"""Characters of a text that nodes search: Painless ends a function after a million steps of its loops."""


def is_counted_by_nodes(form: str) -> bool:
    """Returns whether nodes search a text, or for a string, as the program does."""
    return len(form) <= _LONGEST_COUNTED and not _NOT_COUNTED.search(form)


def counted_form(form: str) -> str | None:
    """Returns the text that nodes search, as documents contain bytes; None if they do not search it."""
    return base64.b64encode(form.encode()).decode() if form and is_counted_by_nodes(form) else None


# A lone surrogate, which a page may have and JSON in UTF-8 may not, is kept as \ufffe and four hexadecimal digits.
_UNSTORABLE = re.compile("[\ud800-\udfff\ufffe]")
_STORED = re.compile("\ufffe([0-9a-f]{4})")


def storable(text: str) -> str:
    """Returns a text as it is kept in a document."""
    return _UNSTORABLE.sub(lambda found: f"\ufffe{ord(found[0]):04x}", text)


def restored(stored: str) -> str:
    """Returns the text that a document keeps."""
    return _STORED.sub(lambda found: chr(int(found[1], 16)), stored) if "\ufffe" in stored else stored
