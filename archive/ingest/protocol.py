"""The messages between the program and a process that reads: a length, a JSON object, then the bytes of a page.

A hostile file may take over the process that reads it. What that process sends is therefore data, never a pickle, and
is checked against the types below before the program uses it.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from archive.errors import GongkaiError, LimitExceeded, UnreadableSource
from archive.model import Attachment, Reading, Source

LENGTH = 8
"""Bytes of the length before each message."""
OUT_OF_MEMORY = 12
"""Exit status of a process that reached its limit of memory (ENOMEM)."""

_Size = Annotated[int, msgspec.Meta(ge=0)]
_REFUSALS = {error.__name__: error for error in (GongkaiError, UnreadableSource, LimitExceeded)}


class ParsePage(msgspec.Struct, frozen=True, tag=True):
    """Asks what a page says; its bytes follow."""

    source: Source
    size: _Size


class CutContainer(msgspec.Struct, frozen=True, tag=True):
    """Asks for the pages in a file; the source is that of the file."""

    path: bytes
    source: Source


class FindDocuments(msgspec.Struct, frozen=True, tag=True):
    """Asks which documents that a page links to and pictures that it shows are part of its report; its bytes follow."""

    source: Source
    size: _Size


class DocumentsFound(msgspec.Struct, frozen=True, tag=True):
    """The links to these documents, the addresses of these pictures, and those of all pictures that it shows."""

    links: tuple[Attachment, ...] = ()
    pictures: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


class PageParsed(msgspec.Struct, frozen=True, tag=True):
    """The reading of a page."""

    reading: Reading


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The sentence that says why a page, or a record of a container, cannot be read."""

    error: str
    zh: str
    en: str

    @classmethod
    def by(cls, error: GongkaiError) -> Refused:
        name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _REFUSALS)
        return cls(name, error.zh, error.en)

    def exception(self) -> GongkaiError:
        return _REFUSALS.get(self.error, GongkaiError)(self.zh, self.en)


class Faulted(msgspec.Struct, frozen=True, tag=True):
    """The traceback of an exception that no reader expects; nothing follows."""

    traceback: str


class ContainerOpened(msgspec.Struct, frozen=True, tag=True):
    """Whether the file is a container; if it is, records follow."""

    is_container: bool


class RecordCut(msgspec.Struct, frozen=True, tag=True):
    """A page of a container; its bytes follow."""

    source: Source
    size: _Size


class ReadingOn(msgspec.Struct, frozen=True, tag=True):
    """A part of a record that is no page was skipped, or a part of a picture was read: restarts the clock."""


class ContainerEnded(msgspec.Struct, frozen=True, tag=True):
    """The last record was sent."""


Order: TypeAlias = ParsePage | FindDocuments | CutContainer
Answer: TypeAlias = (
    PageParsed | DocumentsFound | Refused | Faulted | ContainerOpened | RecordCut | ReadingOn | ContainerEnded
)

_ENCODER = msgspec.json.Encoder()
_ORDERS = msgspec.json.Decoder[Order](Order)
_ANSWERS = msgspec.json.Decoder[Answer](Answer)


def encode(message: Order | Answer) -> bytes:
    """The message with its length before it.

    Raises:
        UnicodeEncodeError: if a text has lone surrogates.
    """
    content = _ENCODER.encode(message)
    return len(content).to_bytes(LENGTH) + content


def decode_order(content: bytes) -> Order:
    """An order of the program."""
    order: Order = _ORDERS.decode(content)
    return order


def decode_answer(content: bytes) -> Answer:
    """An answer of the process that reads.

    Raises:
        ValueError: if it is no answer.
    """
    try:
        answer: Answer = _ANSWERS.decode(content)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return answer
