"""Legacy .doc and .rtf pages: LibreOffice, where it is installed, makes DOCX of them.

It runs within the limits of the process that reads, and ends with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from archive.errors import UnreadableSource
from archive.model import Page, Source
from archive.readers.containers import damaged
from archive.readers.registry import read_page

_PROGRAMS = ("soffice", "libreoffice")
# No macro runs (level 3, and no trusted place), whatever the document says, and no link is followed.
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def read_doc(data: bytes, source: Source) -> Page:
    """The document as its conversion to DOCX reads, with its own media type.

    Raises:
        GongkaiError: where LibreOffice is not installed or cannot read the document.
    """
    return replace(read_page(docx_of(data, source), source), source=source)


def docx_of(data: bytes, source: Source) -> bytes:
    """The document as DOCX, made in a folder and a profile that are gone afterwards.

    Raises:
        GongkaiError: where LibreOffice is not installed or cannot read the document.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise UnreadableSource(
            f"{source.path} 是旧式 Word 文档（.doc/.rtf），读它要装 LibreOffice。请安装，或另存为 .docx。",
            f"{source.path} is a legacy Word document (.doc/.rtf); reading it takes LibreOffice. "
            "Install it, or save the document as .docx.",
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        page = Path(folder, "page.doc")
        page.write_bytes(data)
        subprocess.run(  # noqa: S603 (the program is found on the path, its arguments are ours)
            _command(program, profile, page),
            cwd=folder,
            env={"HOME": folder, "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        made = page.with_suffix(".docx")
        if not made.is_file():
            raise damaged(source)
        return made.read_bytes()


def _registry() -> str:
    """The settings as LibreOffice keeps them in a profile."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _command(program: str, profile: Path, page: Path) -> list[str]:
    return [
        *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"),
        *("--convert-to", "docx", "--outdir", str(page.parent), str(page)),
    ]
