"""A cluster that does not let the user in, or that the program does not trust."""

from __future__ import annotations

import re

from archive.errors import UnusableHome
from indexer.engines.opensearch.connection.address import VARIABLE, IndexAddress

_UNAUTHORIZED = 401
# 'certificate verify failed: self-signed certificate (_ssl.c:1006)'
_VERIFY_FAILED = re.compile(r"certificate verify failed: ([^(\n]+?)(?: \(|$|')")


class ClusterRefusesAccessError(UnusableHome):
    """The cluster does not accept the user or the password, or the user may not do what is asked."""

    def __init__(self, address: IndexAddress, status: int | str) -> None:
        zh, en = (
            ("不接受用户名或密码", "does not accept the user or the password")
            if status == _UNAUTHORIZED
            else ("不允许该用户进行此操作", "does not permit this user to do this")
        )
        super().__init__(
            f"搜索集群 {address.shown} {zh}（{status}）。请检查 {VARIABLE} 中的用户名和密码，以及该用户的权限。",
            f"The search cluster {address.shown} {en} ({status}). "
            f"Check the user and the password in {VARIABLE}, and the permissions of the user.",
        )


class UntrustedClusterError(UnusableHome):
    """The certificate of the cluster is not one that the program trusts, or not one of this host."""

    def __init__(self, address: IndexAddress, error: str) -> None:
        found = _VERIFY_FAILED.search(error)
        reason = found[1] if found else "TLS"
        super().__init__(
            f"搜索集群 {address.shown} 的证书不受信任（{reason}）。若证书由自己的机构签发，"
            "请把环境变量 SSL_CERT_FILE 设为该机构证书的文件。",
            f"The certificate of the search cluster {address.shown} is not trusted ({reason}). If an authority of your "
            "own issued it, set SSL_CERT_FILE to the file with the certificate of that authority.",
        )
