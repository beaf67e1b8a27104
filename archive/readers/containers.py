"""Containers: files of many pages and the readers that cut them; zips opened within the limits."""

from __future__ import annotations

import gzip
import importlib
import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeAlias

from archive.errors import GongkaiError, LimitExceeded, UnreadableSource
from archive.limits import LIMITS, Limits
from archive.model import Source

Capture: TypeAlias = tuple[bytes, Source]
"""A page as captured, and where it came from."""
Cut: TypeAlias = Capture | GongkaiError | None
"""A page, the sentence for a record that cannot be read, or None for a part of a record that was skipped: a video may
take as long as its size demands."""

_STEP = 1 << 16
_GZIP, _WARC, _ARC, _ZIP = b"\x1f\x8b", b"WARC/", b"filedesc://", b"PK\x03\x04"
# Files of one document: DOCX, XLSX, PPTX, OFD, then OpenDocument and EPUB, and Java.
_DOCUMENT_FOLDERS = ("word/", "xl/", "ppt/", "META-INF/")
_DOCUMENT_FILES = frozenset({"OFD.xml", "mimetype", "[Content_Types].xml"})
# Bytes that all zips around a page may unpack for each byte of the file; text packs to a tenth, a bomb to a thousandth.
_MOST_UNPACKED = 100
_DEEPEST = 3
JOINED = b"gongkai: a page and its attachments"
"""The comment of a zip that is one page with the documents that it links to."""
# RuntimeError is a locked file, KeyError one that is not there.
DAMAGED = (KeyError, RuntimeError, NotImplementedError, ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error)


class Allowance:
    """What the zips around each other may unpack together, and how deep they are."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self.left = max(limits.size, packed * _MOST_UNPACKED)
        self.depth = 0


def no_picture(source: Source) -> bool:
    """Leaves out all pictures: a reader asks before it reads one, which is no page by itself."""
    return False


class ContainerReader(Protocol):
    """Cuts a container into its pages, each with its own source."""

    def __call__(
        self,
        file: BinaryIO,
        source: Source,
        limits: Limits,
        allowance: Allowance | None = None,
        wants: Callable[[Source], bool] = no_picture,
    ) -> Iterator[Cut]: ...


class ZipContainer:
    """The files of a zip, each read no further than the limit allows, whatever size it declares."""

    def __init__(self, data: bytes, source: Source, limits: Limits = LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._left = limits.size
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise damaged(source) from error
        infos = self._zip.infolist()
        if len(infos) > limits.members or sum(info.file_size for info in infos) > limits.size:
            raise zip_bomb(source, limits.size)
        self.names = tuple(info.filename for info in infos)
        self.comment = self._zip.comment
        self.files = tuple((info.filename, info.comment) for info in infos)

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        Raises:
            GongkaiError: where it is damaged, locked or not there, or the files read so far are too large together.
        """
        chunks = []
        try:
            with self._zip.open(name) as file:
                while chunk := file.read(_STEP):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise zip_bomb(self._source, self._limits.size)
                    chunks.append(chunk)
        except DAMAGED as error:
            raise damaged(self._source) from error
        return b"".join(chunks)


def zip_bomb(source: Source, size: int) -> LimitExceeded:
    """The sentence for a zip that unpacks to more than `size` bytes."""
    most = size >> 20
    return LimitExceeded(
        f"{source.path} 解压后超过 {most} MB 或文件过多，可能是压缩炸弹，没有读。请核对来源。",
        f"{source.path} unpacks to more than {most} MB or too many files and may be a zip bomb; it was not read. "
        "Check where it came from.",
    )


def damaged(source: Source) -> UnreadableSource:
    """The sentence for a file whose format is plain and whose content cannot be read."""
    return UnreadableSource(
        f"{source.path} 已损坏，或只抓到一部分，读不出来。请重新抓取。",
        f"{source.path} is damaged or was not captured whole and cannot be read. Capture it again.",
    )


def locked(source: Source) -> UnreadableSource:
    """The sentence for a file with a password."""
    return UnreadableSource(
        f"{source.path} 有密码，打不开。请换一份没有密码的文件。",
        f"{source.path} is locked by a password. Get a copy without one.",
    )


def is_warc(file: BinaryIO) -> bool:
    """Whether a file is a WARC or ARC, compressed or not; reads from its beginning and rewinds it."""
    first = file.read(len(_ARC))
    file.seek(0)
    try:
        return (gzip.open(file).read(len(_ARC)) if first.startswith(_GZIP) else first).startswith((_WARC, _ARC))
    except (OSError, EOFError, zlib.error):
        return False
    finally:
        file.seek(0)


def is_zip_of_pages(file: BinaryIO) -> bool:
    """Whether a file is a zip of files, and not one document; rewinds it."""
    try:
        with zipfile.ZipFile(file) as listed:
            return listed.comment != JOINED and holds_pages(listed.namelist())
    except DAMAGED:
        return False
    finally:
        file.seek(0)


def holds_pages(names: Collection[str]) -> bool:
    """Whether a zip with these names is no document of an office program."""
    return bool(names) and not any(name in _DOCUMENT_FILES or name.startswith(_DOCUMENT_FOLDERS) for name in names)


@dataclass(frozen=True, slots=True)
class Container:
    """A format of files that hold many pages."""

    signatures: tuple[bytes, ...]
    """The first bytes of such a file; files of other types can have them, too."""
    recognises: Callable[[BinaryIO], bool]
    reader: str
    """`module:function` of a `ContainerReader`, imported when the first container of the format is read."""


CONTAINERS = (
    Container((_WARC, _ARC, _GZIP), is_warc, "archive.readers.warc:captures"),
    Container((_ZIP,), is_zip_of_pages, "archive.readers.zips.zip_files:captures"),
)
SIGNATURE = max(len(signature) for container in CONTAINERS for signature in container.signatures)
"""Bytes that show whether a file can be a container."""


def may_be_container(start: bytes) -> bool:
    """Whether a file that begins so can be a container: compares bytes and parses none."""
    return any(start.startswith(container.signatures) for container in CONTAINERS)


def container_reader(file: BinaryIO) -> ContainerReader | None:
    """Returns the function that divides this file into pages, None for a single page. Parses foreign bytes."""
    for container in CONTAINERS:
        if container.recognises(file):
            module, _, function = container.reader.partition(":")
            reader: ContainerReader = getattr(importlib.import_module(module), function)
            return reader
    return None


def cut_further(
    capture: Capture,
    limits: Limits,
    allowance: Allowance | None = None,
    wants: Callable[[Source], bool] = no_picture,
) -> Iterator[Cut]:
    """The pages of a page that is a zip itself, else the page."""
    data, source = capture
    file = io.BytesIO(data)
    if not data.startswith(_ZIP) or (reader := container_reader(file)) is None:
        yield capture
    elif allowance and allowance.depth >= _DEEPEST:
        yield zip_bomb(source, limits.size)
    else:
        yield from reader(file, source, limits, allowance, wants)
