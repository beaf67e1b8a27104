"""The setting that names an index in a cluster."""

from __future__ import annotations

import pytest

from archive.errors import InvalidRequest
from indexer.engines.opensearch.connection.address import VARIABLE, address_in_use, read_address

READ = [
    ("opensearch+http://127.0.0.1:9200/gongkai", (("127.0.0.1", 9200),), "http", None, "one node"),
    ("opensearch+http://a:1,b:2,c:3/x", (("a", 1), ("b", 2), ("c", 3)), "http", None, "several nodes"),
    ("opensearch+https://u:p%40ss@a:1/x", (("a", 1),), "https", ("u", "p@ss"), "TLS, and a user"),
    ("opensearch+http://[::1]:9200/x", (("::1", 9200),), "http", None, "an IPv6 address"),
]


@pytest.mark.parametrize(("written", "hosts", "scheme", "login", "reason"), READ, ids=[row[-1] for row in READ])
def test_an_address(
    written: str, hosts: tuple[tuple[str, int], ...], scheme: str, login: tuple[str, str] | None, reason: str
) -> None:
    address = read_address(written)
    assert (address.hosts, address.scheme, address.login) == (hosts, scheme, login)
    assert login is None or login[1] not in address.shown, "messages do not show a password"


REFUSED = [
    ("http://127.0.0.1:9200/gongkai", "no engine"),
    ("opensearch+http://127.0.0.1:9200", "no name"),
    ("opensearch+http://127.0.0.1/x", "no port"),
    ("opensearch+http://a:1;b:2/x", "another separator"),
    ("opensearch+http://a:1/Gongkai", "an upper-case name, which OpenSearch refuses"),
    ("opensearch+http://a:1/_all", "a name of OpenSearch itself"),
    ("opensearch+http://a:1/x,y", "two names"),
    ("opensearch+http://a:1/x*", "a pattern: deleting it would delete other indices"),
]


@pytest.mark.parametrize(("written", "reason"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_no_address(written: str, reason: str) -> None:
    with pytest.raises(InvalidRequest):
        read_address(written)


@pytest.mark.parametrize("value", ["", "  "])
def test_without_the_setting_the_index_is_embedded(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    assert address_in_use() is None
