"""Holds the settings of the site and reads them from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from archive.errors import GongkaiError
from webui.http.feedback import FEEDBACK, read_feedback

MetricsReaders = Literal["loopback", "all"]

TRUSTED_HOSTS = "GONGKAI_TRUSTED_HOSTS"
PUBLIC_URL = "GONGKAI_PUBLIC_URL"
METRICS = "GONGKAI_METRICS"

# 'gongkai.example.org:8000', 'localhost.', '127.0.0.1', '[2001:db8::1]:80'
_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How the site is reached and who may read its metrics.

    `trusted_hosts` are host names without port that the site answers to, besides the loopback names and the host of
    `public_url`; a name with a leading dot includes its subdomains. `trust_addresses` adds every IP address: the site
    listens on all of them. `public_url` is the base of every absolute URL; without it, the request's host is.
    `feedback` is the template of the address to which readers report mistakes.
    """

    trusted_hosts: tuple[str, ...] = ()
    trust_addresses: bool = False
    public_url: str = ""
    metrics: MetricsReaders = "loopback"
    feedback: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str], hosts: tuple[str, ...] = (), *, addresses: bool = False) -> SiteSettings:
        """Reads settings by the names of their variables, such as `os.environ`, and adds `hosts` to those trusted.

        Raises:
            GongkaiError: for a value that is not valid.
        """
        metrics = values.get(METRICS) or "loopback"
        if metrics not in ("loopback", "all"):
            raise GongkaiError(
                f"{METRICS} 是 loopback 或 all，不是“{metrics}”。",
                f"{METRICS} is loopback or all, not “{metrics}”.",
            )
        return cls(
            trusted_hosts=(*read_hosts(values.get(TRUSTED_HOSTS, "")), *hosts),
            trust_addresses=addresses,
            public_url=_read_url(values.get(PUBLIC_URL, "")),
            metrics="all" if metrics == "all" else "loopback",
            feedback=read_feedback(values.get(FEEDBACK, "")),
        )


def read_hosts(text: str) -> tuple[str, ...]:
    """Splits a list of host names at commas and blanks.

    Raises:
        GongkaiError: for a part that is not a host name.
    """
    names = tuple(_ascii(name) for name in re.split(r"[,，\s]+", text) if name)
    for name in names:
        if host_name(name.removeprefix(".")) != name.removeprefix("."):
            raise GongkaiError(
                f"“{name}”不是主机名。请只写主机名，不写协议、端口和路径，例如 gongkai.example.org；"
                "以点开头则包括子域名。",
                f"“{name}” is not a host name. Give the name alone, without scheme, port and path, such as "
                "gongkai.example.org; a leading dot includes its subdomains.",
            )
    return names


def host_name(host: str) -> str | None:
    """Returns the name of a `Host` header without port, in lower case; None for a malformed one."""
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 1) > 65535:
        return None
    name = match["name"].lower().removesuffix(".")
    try:
        # 'xn--0' and 'a..b' have valid characters and are no names; werkzeug raises UnicodeError where it shows a URL.
        name.encode("idna").decode("idna")
    except UnicodeError:
        return None
    return name or None


def _ascii(name: str) -> str:
    """'档案.example' -> 'xn--6krz26e.example', as browsers send it."""
    try:
        return name.lower().encode("ascii" if name.isascii() else "idna").decode("ascii")
    except UnicodeError:
        return name  # refused as no host name


def _read_url(text: str) -> str:
    """A base URL without a slash at its end."""
    try:
        url = urlsplit(text.strip().rstrip("/"))
        host = _ascii(url.netloc)
        valid = url.scheme in ("http", "https") and host_name(host) and not (url.query or url.fragment)
    except ValueError:
        valid = False
    if not text.strip():
        return ""
    if not valid:
        raise GongkaiError(
            f"“{text}”不能作网站的地址。请写成 https://gongkai.example.org 的样子，不带参数。",
            f"“{text}” cannot be the address of the site. Write it like https://gongkai.example.org, without a query.",
        )
    return f"{url.scheme}://{host}{url.path}"
