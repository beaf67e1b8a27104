from __future__ import annotations

import hashlib
import pickle
import re
from pathlib import Path

import pytest

from archive import errors
from archive.agencies.search import one_agency
from archive.errors import GongkaiError
from archive.ingest.sources import read_path
from archive.limits import Limits
from archive.model import Agency, Name
from archive.store.blobs.folder_blobs import FolderBlobs
from archive.store.home import make_home

FAMILY = {kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type)}
AGENCIES = [Agency(name, name, (Name(name),)) for name in ("北京市朝阳区教育局", "长春市朝阳区教育局")]
SHA256 = hashlib.sha256(b"").hexdigest()


def test_the_docstring_lists_every_error() -> None:
    listed = re.findall(r"^ *\* (\w+)", errors.__doc__ or "", re.MULTILINE)
    assert listed == [name for name, kind in FAMILY.items() if issubclass(kind, GongkaiError)]


@pytest.mark.parametrize("kind", [kind for kind in FAMILY.values() if issubclass(kind, GongkaiError)])
def test_an_error_keeps_its_class_and_sentences_between_processes(kind: type[GongkaiError]) -> None:
    received = pickle.loads(pickle.dumps(kind("甲。", "A.")))  # noqa: S301 (our own bytes)
    assert (type(received), received.message("zh"), received.message("en")) == (kind, "甲。", "A.")


def test_causes(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "file").touch()
    with pytest.raises(errors.UnreadableSource):
        read_path(tmp_path / "empty.txt")
    with pytest.raises(errors.UnreadableSource):
        read_path(tmp_path / "absent.txt")
    with pytest.raises(errors.NotFound):
        one_agency("没有的机关", AGENCIES)
    with pytest.raises(errors.Ambiguous):
        one_agency("朝阳区", AGENCIES)
    with pytest.raises(errors.DamagedArchive):
        FolderBlobs(tmp_path).read(SHA256)
    with pytest.raises(errors.UnusableHome):
        make_home(tmp_path / "file")
    assert isinstance(Limits(1, 1, 1).too_large("page"), errors.LimitExceeded)
