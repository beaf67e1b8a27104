# ruff: noqa: N818
"""The errors that a user can correct, each with a sentence in Chinese and one in English.

* GongkaiError              exit code 1, status 503
  * UnreadableSource        a file that cannot be opened, is damaged, or is in no format that is read
  * LimitExceeded           a source beyond the limits of size, memory or time
  * NotFound                an agency, a report or a section that the archive does not have: status 404
  * Ambiguous               a name that several agencies have: status 400
  * InvalidRequest          options, parameters or a query that make no sense, or not together: exit code 2, status 400
  * Busy                    another process writes, or too many requests are being answered
  * DamagedArchive          a catalogue or an index that is damaged or gone
    * DamagedOriginal       a captured page whose file is gone, or is not the page with that SHA-256
    * DamagedRecord         a record of the catalogue that is not what was written
  * IncompatibleArchive     a catalogue that another version of the program wrote
  * IndexMissing            an archive without an index, or with one of another version: `gongkai index` builds it
  * MissingSupport          a system that lacks what is needed, such as a font
  * UnusableHome            a file, folder or object store that cannot be created, read or written
  * Unavailable             a service that does not answer, or not in time: try again

Errors of the other packages derive from these causes. The exit code of the command line and the status of the site
follow from the cause.
"""

from __future__ import annotations

import copyreg
from typing import Literal

Language = Literal["zh", "en"]


class GongkaiError(Exception):
    """Says what failed, where, and what to do about it. `exit_code` is that of the command line."""

    exit_code = 1
    did_you_mean: str | None = None
    """The input with a correction, if one is likely."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles the attributes without calling `__init__`, whose parameters differ from class to class."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

    def message(self, language: Language) -> str:
        """The sentence in that language."""
        return self.zh if language == "zh" else self.en


class UnreadableSource(GongkaiError):
    """A file cannot be opened, is damaged, or is in no format that is read."""


class LimitExceeded(GongkaiError):
    """A source is beyond the limits of size, memory or time."""


class NotFound(GongkaiError):
    """The archive has no such agency, report or section."""


class Ambiguous(GongkaiError):
    """Several agencies fit."""


class InvalidRequest(GongkaiError):
    """Options, parameters or a query make no sense, or not together."""

    exit_code = 2


class Busy(GongkaiError):
    """Another process writes, or too many requests are being answered."""


class DamagedArchive(GongkaiError):
    """The catalogue or the index is damaged or gone."""


class DamagedOriginal(DamagedArchive):
    """The file of a captured page is gone, or its content is not the page with that SHA-256."""


class DamagedRecord(DamagedArchive):
    """A record of the catalogue is not what was written."""


class IncompatibleArchive(GongkaiError):
    """Another version of the program wrote the catalogue."""


class IndexMissing(GongkaiError):
    """The archive has no index, or one of another version of the program or the dictionary."""


class MissingSupport(GongkaiError):
    """The system lacks what this needs, such as a font."""


class UnusableHome(GongkaiError):
    """A file, folder or object store cannot be created, read or written."""


class Unavailable(GongkaiError):
    """A service that the archive uses, such as an object store, does not answer, or not in time."""
