# ruff: noqa: N818
"""The errors that a user can correct, each with a sentence in Chinese and one in English.

* GongkaiError              exit code 1
  * UnreadableSource        a file that cannot be opened, is damaged, or is in no format that is read
  * LimitExceeded           a source beyond the limits of size, memory or time
  * NotFound                an agency, a report or a section that the archive does not have
  * Ambiguous               a name that several agencies have
  * InvalidRequest          options, parameters or a query that make no sense, or not together
  * Busy                    another process writes, or too many requests are being answered
  * DamagedArchive          a catalogue or an index that is damaged or gone
    * DamagedOriginal       a captured page whose file is gone, or is not the page with that SHA-256
    * DamagedRecord         a record of the catalogue that is not what was written
  * IncompatibleArchive     a catalogue or an index that another version of the program wrote
  * IndexMissing            an archive that was not indexed yet
  * UnusableHome            a file or folder that cannot be created, read or written, or belongs to another user

The other packages derive their own from these (`indexer.query.query_errors`, `webui.http.errors`), with exit code 2 for
mistakes in what was typed. The site answers with status 400 for a request it cannot read, 404 for what it does not
have, and 503 for all other errors.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]


class GongkaiError(Exception):
    """Says what failed, where, and what to do about it. `exit_code` is that of the command line."""

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[GongkaiError], tuple[str, str]]:
        """Both sentences, so that an error of another process arrives complete."""
        return type(self), (self.zh, self.en)

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


class Busy(GongkaiError):
    """Another process writes, or too many requests are being answered."""


class DamagedArchive(GongkaiError):
    """The catalogue or the index is damaged or gone."""


class DamagedOriginal(DamagedArchive):
    """The file of a captured page is gone, or its content is not the page with that SHA-256."""


class DamagedRecord(DamagedArchive):
    """A record of the catalogue is not what was written."""


class IncompatibleArchive(GongkaiError):
    """Another version of the program wrote the catalogue or the index."""


class IndexMissing(GongkaiError):
    """The archive was not indexed yet."""


class UnusableHome(GongkaiError):
    """A file or folder cannot be created, read or written, or belongs to another user."""
