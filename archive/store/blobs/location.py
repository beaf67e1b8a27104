"""Where the originals of a home are: in the home, or in the object store that `GONGKAI_BLOBS` names."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import MissingSupport, UnusableHome
from archive.store.blobs.blob_store import BlobStore
from archive.store.blobs.folder_blobs import FolderBlobs

SETTING = "GONGKAI_BLOBS"
TIMEOUT = "GONGKAI_BLOBS_TIMEOUT"
_SECONDS = 30.0
"""For one request, its body included: 200 MB, the largest page by default, at 7 MB a second."""
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
"""In the order in which obstore prefers them."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# 's3://bucket', 's3://bucket/originals/2026'
_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/*(?P<prefix>(?:(?<=/)[\w!*'().-]+/*)*)", re.A)


def originals_of(home: Path) -> BlobStore:
    """Returns the store of the originals of a home.

    Raises:
        MissingSupport: `GONGKAI_BLOBS` names an object store, and the library for it is not installed.
        UnusableHome: `GONGKAI_BLOBS` or the endpoint is no valid address.
    """
    if not (address := os.environ.get(SETTING, "").strip()):
        return FolderBlobs(home / "originals")
    names = (SETTING, TIMEOUT, *(name for name in os.environ if name.startswith("AWS_")))
    return _object_store(address, tuple(sorted((name, os.environ.get(name, "")) for name in names)))


@functools.lru_cache(maxsize=4)
def _object_store(address: str, settings: tuple[tuple[str, str], ...]) -> BlobStore:
    """Returns the store for some settings; it keeps its connections open from request to request."""
    match = _ADDRESS.fullmatch(address)
    prefix = match["prefix"].strip("/") if match else ""
    if not match or {".", ".."} & {*prefix.split("/")}:
        raise UnusableHome(
            f"{SETTING} 不是 s3://存储桶/前缀 形式的地址，存储桶名称为 3 至 63 个小写字母、数字、点或连字符。"
            "请更正它，或取消它，把原件存放在档案文件夹中。",
            f"{SETTING} is not an address like s3://bucket/prefix, with a bucket of 3 to 63 small letters, digits, "
            "dots and hyphens. Correct it, or unset it to keep the originals in the home.",
        )
    endpoint = _endpoint(dict(settings))
    try:
        from archive.store.blobs.s3_blobs import S3Blobs  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        raise MissingSupport(
            f"{SETTING} 指定了对象存储，但没有安装 obstore。请运行 pip install 'gongkai[cluster]'。",
            f"{SETTING} names an object store, but obstore is not installed. Run pip install 'gongkai[cluster]'.",
        ) from error
    return S3Blobs(match["bucket"], prefix, endpoint, _seconds(dict(settings)[TIMEOUT]))


def _endpoint(settings: Mapping[str, str]) -> str | None:
    """Returns the endpoint; None for Amazon S3.

    The requests carry no secret key, only signatures. Without TLS, others can still read and replace what is sent.
    """
    name = next((name for name in _ENDPOINTS if settings.get(name)), None)
    if name is None:
        return None
    try:
        parts = urlsplit(settings[name])
        is_valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or parts.username or parts.password or parts.query or parts.fragment:
        raise UnusableHome(
            f"{name} 应当是 https://s3.example.org:9000 这样的地址。请更正它。",
            f"{name} is not an address like https://s3.example.org:9000. Correct it.",
        )
    may_be_plain = parts.hostname in _LOOPBACK or settings.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1")
    if parts.scheme == "http" and not may_be_plain:
        raise UnusableHome(
            f"{name} 是没有加密的 http 地址，又不在本机。请改用 https；网络可信时，也可以设 AWS_ALLOW_HTTP=true。",
            f"{name} is an unencrypted http address on another machine. Use https or, in a network that you trust, "
            "set AWS_ALLOW_HTTP=true.",
        )
    return settings[name]


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return _SECONDS
    return value if 0 < value < float("inf") else _SECONDS
