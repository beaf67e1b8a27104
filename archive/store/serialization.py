"""Reports as plain documents, to keep and to read back, with digests that reveal damage."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TypeVar

import msgspec
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import JsonConverter, make_converter

from archive.errors import DamagedRecord
from archive.model import Agency, Figure, Notice, Report, Source

_T = TypeVar("_T")


def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(Decimal, str)  # a float would lose 82.3658
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    # most figures were not read by OCR
    without = make_dict_unstructure_fn(Figure, converter, confidence=override(omit_if_default=True))
    converter.register_unstructure_hook(Figure, without)
    return converter


_CONVERTER = _converter()
_SOURCE = msgspec.json.Decoder(Source)
"""Reads what `dump` wrote of a source in a twentieth of the time: an export reads thousands."""


def dump(value: Report | Source | Agency | tuple[Notice, ...]) -> str:
    """The value as a JSON text; `load` gives it back equal."""
    return _CONVERTER.dumps(value, ensure_ascii=False)


def load(document: str | bytes, kind: type[_T]) -> _T:
    """The value that `dump` wrote."""
    return _CONVERTER.loads(document, kind)


def digest(*documents: bytes) -> str:
    """Returns the digest that the catalogue keeps of the documents of a row."""
    return hashlib.blake2b(b"\0".join(documents), digest_size=16).hexdigest()


def load_report(document: bytes, expected: str, address: str) -> Report:
    """Decodes a report whose digest must be as expected; runs in any process.

    Raises:
        DamagedRecord: for another digest, or a document that cannot be decoded.
    """
    try:
        if digest(document) == expected:
            return load(document, Report)
    except Exception as error:
        raise damaged_report(address) from error
    raise damaged_report(address)


def load_source(source: bytes, notices: bytes, expected: str, sha256: str) -> tuple[Source, tuple[Notice, ...]]:
    """Decodes what the catalogue says of a page; raises as `load_report`."""
    try:
        if digest(source, notices) == expected:
            return _SOURCE.decode(source), () if notices == b"[]" else load(notices, tuple[Notice, ...])
    except Exception as error:
        raise damaged_source(sha256) from error
    raise damaged_source(sha256)


def load_agency(document: bytes, expected: str, id_: str) -> Agency:
    """Decodes an agency; raises as `load_report`."""
    try:
        if digest(document) == expected:
            return load(document, Agency)
    except Exception as error:
        raise damaged_agency(id_) from error
    raise damaged_agency(id_)


def damaged_report(address: str) -> DamagedRecord:
    return DamagedRecord(
        f"目录里的报告 {address} 已损坏，其余报告不受影响。请重新添加它的页面，或从备份恢复目录。",
        f"The report {address} in the catalogue is damaged; the others are not affected. "
        "Add its page again, or restore a backup of the catalogue.",
    )


def damaged_source(sha256: str) -> DamagedRecord:
    return DamagedRecord(
        f"目录里页面 {sha256} 的记录已损坏。请重新添加该页面，或从备份恢复目录。",
        f"The record of the page {sha256} in the catalogue is damaged. "
        "Add the page again, or restore a backup of the catalogue.",
    )


def damaged_agency(id_: str) -> DamagedRecord:
    return DamagedRecord(
        f"目录里机关 {id_} 的记录已损坏。请从备份恢复目录。",
        f"The record of the agency {id_} in the catalogue is damaged. Restore a backup of the catalogue.",
    )
