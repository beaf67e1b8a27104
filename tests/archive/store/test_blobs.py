from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.store.blobs import BlobStore

SHA = "ab" + "0" * 62


def test_a_page_is_kept_once_and_never_rewritten(tmp_path: Path) -> None:
    originals = BlobStore(tmp_path)
    originals.keep(SHA, b"first")
    originals.keep(SHA, b"second")
    assert originals.read(SHA) == b"first"
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()] == [Path("ab") / SHA]


def test_when_it_was_kept_is_the_time_of_its_file(tmp_path: Path) -> None:
    originals = BlobStore(tmp_path)
    originals.keep(SHA, b"page")
    assert abs(datetime.now(UTC) - originals.kept_at(SHA)) < timedelta(days=1)
    os.utime(tmp_path / "ab" / SHA, (0, 0))
    originals.keep(SHA, b"page")
    assert originals.kept_at(SHA) == datetime(1970, 1, 1, tzinfo=UTC), "adding it again does not make it newer"


@pytest.mark.parametrize("ask", [BlobStore.read, BlobStore.kept_at])
def test_a_page_that_is_gone_is_a_sentence(tmp_path: Path, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(GongkaiError) as caught:
        ask(BlobStore(tmp_path), SHA)
    assert caught.value.zh == f"原件 {SHA} 不见了。请从备份恢复，或重新添加该页面。"
    assert caught.value.en == f"The original {SHA} is gone. Restore it from a backup, or add the page again."
