"""Reports as plain documents, to keep and to read back, with digests that reveal damage."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

import msgspec

from archive.errors import DamagedRecord
from archive.model import Agency, Notice, Report, Section, Source, Table
from archive.text.clean import clean

_T = TypeVar("_T")


# Most sources have no pages, and most figures were not read by OCR: their documents stay as they were before that.
_OPTIONAL = frozenset({"first_page", "last_page", "confidence"})


def dump(value: Report | Source | Agency | tuple[Notice, ...]) -> str:
    """The value as a JSON text; `load` gives it back equal."""
    return json.dumps(_without_absent(msgspec.to_builtins(value)), ensure_ascii=False)


def _without_absent(node: Any) -> Any:
    if isinstance(node, dict):
        kept = (key for key, value in node.items() if value is not None or key not in _OPTIONAL)
        return {key: _without_absent(node[key]) for key in kept}
    return [*map(_without_absent, node)] if isinstance(node, list | tuple) else node


def load(document: str | bytes, kind: type[_T]) -> _T:
    """The value that `dump` wrote."""
    value: _T = _decoder(cast("Any", kind)).decode(document)
    return value


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def digest(*documents: bytes) -> str:
    """Returns the digest that the catalogue keeps of the documents of a row."""
    return hashlib.blake2b(b"\0".join(documents), digest_size=16).hexdigest()


def load_report(document: bytes, expected: str, address: str) -> Report:
    """Decodes a report whose digest must be as expected, with clean text; runs in any process.

    Raises:
        DamagedRecord: for another digest, or a document that cannot be decoded.
    """
    try:
        if digest(document) == expected:
            return _cleaned(load(document, Report))
    except Exception as error:
        raise damaged_report(address) from error
    raise damaged_report(address)


def _cleaned(report: Report) -> Report:
    """Cleans the text of a report that an earlier version kept: its rules left blanks and characters in it."""
    texts = (text for section in report.sections for text in _texts(section))
    if all(clean(text) == text for text in texts):
        return report
    return replace(report, sections=tuple(map(_cleaned_section, report.sections)))


def _texts(section: Section) -> Iterator[str]:
    yield section.heading or ""
    yield from (paragraph.text for paragraph in section.paragraphs)
    yield from (cell.text for table in section.tables for cell in table.cells())


def _cleaned_section(section: Section) -> Section:
    return replace(
        section,
        heading=section.heading and clean(section.heading),
        paragraphs=tuple(msgspec.structs.replace(each, text=clean(each.text)) for each in section.paragraphs),
        tables=tuple(map(_cleaned_table, section.tables)),
    )


def _cleaned_table(table: Table) -> Table:
    rows = (tuple(msgspec.structs.replace(cell, text=clean(cell.text)) for cell in row) for row in table.rows)
    return msgspec.structs.replace(table, rows=tuple(rows))


def load_source(source: bytes, notices: bytes, expected: str, sha256: str) -> tuple[Source, tuple[Notice, ...]]:
    """Decodes what the catalogue says of a page; raises as `load_report`."""
    try:
        if digest(source, notices) == expected:
            return load(source, Source), () if notices == b"[]" else load(notices, tuple[Notice, ...])
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
