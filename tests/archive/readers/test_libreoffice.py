"""Tests legacy Word documents with a substitute for LibreOffice."""

import shutil
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.readers.libreoffice import docx_of
from archive.readers.registry import read_page
from tests.archive.readers.documents import HEADINGS, TITLE, docx_file, source, texts
from tests.archive.readers.rtf_documents import rtf_file

DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument\0".encode("utf-16-le")


def office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with this name on the path, and only the programs of a shell."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_document_is_converted_to_docx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(docx_file())
    office(
        tmp_path,
        f'for last; do :; done\necho "$@" > {tmp_path}/arguments\ncp {tmp_path}/made.docx "${{last%.doc}}.docx"\n'
        f'cat "$HOME/profile/user/registrymodifications.xcu" > {tmp_path}/settings',
        monkeypatch,
    )
    read = read_page(DOC, source("old.doc"))
    assert texts(read)[0] == TITLE
    assert read.source.media_type == "application/msword"
    assert "--headless" in (tmp_path / "arguments").read_text()
    settings = (tmp_path / "settings").read_text()
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in settings
    assert '"MacroSecurityLevel" oor:op="fuse"><value>3<' in settings


def test_without_the_program_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(GongkaiError) as raised:
        read_page(DOC, source("old.doc"))
    assert raised.value.zh == "old.doc 是旧式 Word 文档（.doc），读它要装 LibreOffice。请安装，或另存为 .docx。"
    assert raised.value.en == (
        "old.doc is a legacy Word document (.doc); reading it takes LibreOffice. "
        "Install it, or save the document as .docx."
    )


def test_a_document_that_the_program_cannot_read_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(GongkaiError, match=r"old\.doc is damaged"):
        docx_of(DOC, source("old.doc"))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_real_program_reads_a_report() -> None:
    (report,) = read_source(docx_of(rtf_file(), source("old.rtf")), source("old.rtf")).reports
    assert (report.year, report.agency_as_printed) == (2021, "青河县白桦镇人民政府")
    assert [section.heading for section in report.sections] == [None, *HEADINGS]
