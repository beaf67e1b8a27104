"""What a store of originals does: it keeps pages as captured, named by their SHA-256.

A page is replaced only if what is stored is not the page with that hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from archive.errors import DamagedOriginal

State = Literal["whole", "damaged", "missing"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file or object in a store.

    `sha256` is the hash that it is named by, None if it is not named as an original is. `changed` is the time of
    modification, in seconds since 1970, of a file that may be a temporary one.
    """

    where: str
    sha256: str | None
    changed: float = 0.0


class BlobStore(Protocol):
    """The originals of an archive.

    Every method raises an OSError or a GongkaiError if the store cannot be used.
    """

    def keep(self, sha256: str, data: bytes) -> State:
        """Keeps a page under its hash; returns the state of the stored page before.

        The page is durable when this returns. A damaged page is replaced in one step and keeps its time. A page that
        is whole is not touched.
        """

    def read(self, sha256: str) -> bytes:
        """Returns the page as captured.

        Raises:
            DamagedOriginal: if the page is gone, or does not have that hash.
        """

    def check(self, sha256: str) -> None:
        """Reads the page in pieces; raises as `read`."""

    def state(self, sha256: str) -> State:
        """Returns whether a page is there and has the content that its name promises."""

    def kept_at(self, sha256: str) -> datetime:
        """When the page was first kept.

        Raises:
            DamagedOriginal: if the page is gone.
        """

    def where(self, sha256: str) -> str:
        """Returns the path or address of a page."""

    def listed(self) -> Iterator[Stored]:
        """Yields everything in the store, in the order of hashes, in constant memory."""


def stored_name(sha256: str) -> str:
    """Returns the name of a page in a store: `ab/abcd…`."""
    return f"{sha256[:2]}/{sha256}"


def damaged_original(sha256: str, state: State) -> DamagedOriginal:
    """Returns the error for an original that is damaged or missing."""
    zh, en = ("不见了", "is gone") if state == "missing" else ("已损坏，与它的 SHA-256 不符", "is damaged")
    return DamagedOriginal(
        f"原件 {sha256} {zh}。请从备份恢复，或重新添加该页面。",
        f"The original {sha256} {en}. Restore it from a backup, or add the page again.",
    )
