"""Reads legacy .doc pages: converts them to DOCX with LibreOffice, if it is installed.

LibreOffice runs within the limits of the reading process and ends with it.
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
# No macro runs (level 3, and no trusted location), and no link is followed.
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def read_doc(data: bytes, source: Source) -> Page:
    """The page of the document converted to DOCX, with the media type of the original."""
    return replace(read_page(docx_of(data, source), source), source=source)


def docx_of(data: bytes, source: Source) -> bytes:
    """The document converted to DOCX, in a temporary folder with a profile of its own.

    Raises:
        GongkaiError: if LibreOffice is not installed or cannot read the document.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise UnreadableSource(
            f"{source.path} 是旧式 Word 文档（.doc），读它要装 LibreOffice。请安装，或另存为 .docx。",
            f"{source.path} is a legacy Word document (.doc); reading it takes LibreOffice. "
            "Install it, or save the document as .docx.",
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
        page = Path(folder, "page.doc")
        page.write_bytes(data)
        command = [
            *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"),
            *("--convert-to", "docx", "--outdir", folder, str(page)),
        ]
        subprocess.run(  # noqa: S603 (the program is found on the path, its arguments are ours)
            command,
            cwd=folder,
            env={"HOME": folder, "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        converted = page.with_suffix(".docx")
        if not converted.is_file():
            raise damaged(source)
        return converted.read_bytes()


def _registry() -> str:
    """The settings in the format of a LibreOffice profile."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
