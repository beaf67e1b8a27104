"""The setting that names an index in a cluster: `GONGKAI_INDEX=opensearch+http://host:port[,host:port]/name`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote

from archive.errors import InvalidRequest

VARIABLE = "GONGKAI_INDEX"

# 'opensearch+https://user:password@one:9200,two:9200/gongkai'
_ADDRESS = re.compile(
    r"opensearch\+(?P<scheme>https?)://(?:(?P<user>[^:@/]+):(?P<password>[^@/]*)@)?(?P<hosts>[^@/]+)/(?P<name>[^/]+)"
)
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
# what OpenSearch accepts as the name of an index, less what generations need
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class IndexAddress:
    """The nodes of a cluster, and the name (an alias) of an index in it; `login` is a user and a password."""

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    name: str
    login: tuple[str, str] | None = None

    @property
    def shown(self) -> str:
        """The address without the login."""
        return f"{self.scheme}://{','.join(f'{host}:{port}' for host, port in self.hosts)}/{self.name}"


def read_address(written: str) -> IndexAddress:
    """Parses the setting.

    Raises:
        InvalidRequest: if it is no such address.
    """
    found = _ADDRESS.fullmatch(written)
    hosts = [_HOST.fullmatch(host) for host in found["hosts"].split(",")] if found else []
    if found is None or not all(hosts) or not _NAME.fullmatch(found["name"]):
        raise InvalidRequest(
            f"环境变量 {VARIABLE} 的值无法识别。写法是 opensearch+http://主机:端口[,主机:端口]/索引名，"
            "索引名只含小写字母、数字、- 和 _。",
            f"{VARIABLE} cannot be read. It is opensearch+http://HOST:PORT[,HOST:PORT]/NAME; "
            "the name has lower-case letters, digits, - and _ only.",
        )
    login = (unquote(found["user"]), unquote(found["password"])) if found["user"] else None
    parts = tuple((host["host"].strip("[]"), int(host["port"])) for host in hosts if host)
    return IndexAddress(found["scheme"], parts, found["name"], login)


def address_in_use() -> IndexAddress | None:
    """Returns the address that the environment sets; None for the embedded engine.

    Raises:
        InvalidRequest: if it cannot be read.
    """
    written = os.environ.get(VARIABLE, "").strip()
    return read_address(written) if written else None
