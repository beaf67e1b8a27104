"""Translates errors of PostgreSQL into the errors of `archive.errors`, by their SQLSTATE."""

from __future__ import annotations

import sqlalchemy as sa

from archive.errors import Busy, DamagedArchive, GongkaiError, Unavailable, UnusableHome
from archive.system_errors import being_written

_REASON_LENGTH = 200
_WRITTEN = {"55P03", "40P01", "40001"}
"""Lock timeout, deadlock, and a transaction that others made impossible."""

# By SQLSTATE or its class (two characters).
_UNREACHABLE = (
    Unavailable,
    "连不上目录的数据库 {where}（{reason}）。请检查 PostgreSQL 是否在运行，以及 GONGKAI_CATALOGUE 的地址。",
    "The database of the catalogue, {where}, cannot be reached ({reason}). "
    "Check that PostgreSQL is running, and the address in GONGKAI_CATALOGUE.",
)
_REFUSED = (
    UnusableHome,
    "数据库 {where} 不接受这个用户（{reason}）。请检查 GONGKAI_CATALOGUE 的用户和密码。",
    "The database {where} does not accept the user ({reason}). Check user and password in GONGKAI_CATALOGUE.",
)
_ABSENT = (
    UnusableHome,
    "没有数据库 {where}（{reason}）。请新建它，或检查 GONGKAI_CATALOGUE。",
    "There is no database {where} ({reason}). Create it, or check GONGKAI_CATALOGUE.",
)
_UNTRUSTED = (
    UnusableHome,
    "数据库 {where} 的证书不受信任（{reason}）。请检查 PGSSLROOTCERT（签发它的根证书）和 GONGKAI_CATALOGUE 的主机名。",
    "The certificate of the database {where} is not trusted ({reason}). Check PGSSLROOTCERT, the certificate of its "
    "issuer, and the host in GONGKAI_CATALOGUE.",
)
_SENTENCES: dict[str, tuple[type[GongkaiError], str, str]] = {
    "08": _UNREACHABLE,
    "57": _UNREACHABLE,  # the server is starting or stopping
    "28": _REFUSED,
    "3D": _ABSENT,
    "3F": _ABSENT,
    "42501": (
        UnusableHome,
        "没有读写数据库 {where} 的权限（{reason}）。请授予权限，或换用有权限的用户。",
        "There is no permission to use the database {where} ({reason}). Grant it, or use another user.",
    ),
    "25006": (
        UnusableHome,
        "数据库 {where} 是只读的。请把 GONGKAI_CATALOGUE 指向可以写入的服务器。",
        "The database {where} is read-only. Let GONGKAI_CATALOGUE name a server that can be written to.",
    ),
    "53100": (
        UnusableHome,
        "数据库 {where} 的磁盘空间不足。请在它的服务器上腾出空间后再试。",
        "No disk space is left for the database {where}. Free some space on its server, then try again.",
    ),
    "53": (
        Busy,
        "数据库 {where} 的连接或内存不够（{reason}）。请稍后再试，或提高它的上限。",
        "The database {where} is out of connections or memory ({reason}). Try again later, or raise its limits.",
    ),
}
_UNUSABLE = (
    DamagedArchive,
    "目录的数据库 {where} 读写不了（{reason}）。请检查它，或从备份恢复。",
    "The database of the catalogue, {where}, cannot be used ({reason}). Check it, or restore a backup.",
)
# A refusal to connect has no SQLSTATE, only the text of the server.
_BY_TEXT = (
    ("authentication", _REFUSED),
    ("no password supplied", _REFUSED),
    ("role ", _REFUSED),
    ("no pg_hba.conf entry", _REFUSED),
    ("certificate", _UNTRUSTED),
    ("does not exist", _ABSENT),
    ("too many clients", _SENTENCES["53"]),
    ("remaining connection slots", _SENTENCES["53"]),
)


def location(url: sa.URL) -> str:
    """Returns the address of a database without password and options, for messages."""
    return sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()


def translated(error: Exception, where: str) -> GongkaiError:
    """Returns the sentence for an error of psycopg about the database at the address `where`."""
    code = getattr(error, "sqlstate", None) or ""
    text = getattr(getattr(error, "diag", None), "message_primary", None) or " ".join(str(error).split())
    reason = text if len(text) <= _REASON_LENGTH else f"{text[: _REASON_LENGTH - 1]}…"
    if code in _WRITTEN:
        return being_written(where)
    if code:
        kind, zh, en = _SENTENCES.get(code) or _SENTENCES.get(code[:2]) or _UNUSABLE
    elif type(error).__name__ in _OF_THE_CONNECTION:
        kind, zh, en = next((sentence for part, sentence in _BY_TEXT if part in text), _UNREACHABLE)
    else:
        kind, zh, en = _UNUSABLE
    return kind(zh.format(where=where, reason=reason), en.format(where=where, reason=reason))


_OF_THE_CONNECTION = {"OperationalError", "ConnectionTimeout", "InterfaceError"}
"""What psycopg raises without a SQLSTATE when it has no connection, or has lost it."""
