"""Requests to a cluster. An answer is complete or an error: never one of some shards only, never one cut short."""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

from archive.errors import Busy, InvalidRequest, MissingSupport
from indexer.engines.opensearch.connection.access_errors import ClusterRefusesAccessError, UntrustedClusterError
from indexer.engines.opensearch.connection.address import IndexAddress

Json = dict[str, Any]
Query = Mapping[str, Any]

_SECONDS = 60
"""The time within which a request is answered."""
_WRITE_SECONDS = 5
"""The time for which a document waits in the cluster for a shard that is away."""
_RETRIES = 3
BUSY = (429, 502, 503, 504)
"""Statuses of requests that may succeed a little later."""
_REPEATED = 4
"""Times that a page of a scan is requested again, from a copy of the shard that has failed."""
_FIRST_PAUSE = 0.5  # seconds; doubled after each try
_PAGE = 1000
"""Documents of one page of a scan."""
_KEPT = "5m"
"""The time for which the cluster keeps a point in time after the last page."""
_PAGE_OF_TEXTS = 250
"""Documents of one page if they contain their texts: a section may have megabytes."""
_SEARCHES = 50
"""Searches sent in one request."""
Method = TypeVar("Method", bound=Callable[..., Any])


class ClusterUnavailableError(Busy):
    """The cluster does not answer, or not completely."""

    def __init__(self, address: IndexAddress, reason: str) -> None:
        super().__init__(
            f"搜索集群 {address.shown} 没有完整应答（{reason}）。请稍后再试。",
            f"The search cluster {address.shown} gave no complete answer ({reason}). Try again later.",
        )


class MissingClientError(MissingSupport):
    """The library that talks to the cluster is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "没有安装 opensearch-py，无法使用搜索集群。请运行 pip install 'gongkai[cluster]'。",
            "opensearch-py is not installed, so no search cluster can be used. Run pip install 'gongkai[cluster]'.",
        )


class QueryTooLongError(InvalidRequest):
    """A query has more parts than the cluster accepts."""

    def __init__(self) -> None:
        super().__init__(
            "检索式的词语太多，超过搜索集群的上限（indices.query.bool.max_clause_count）。请减少词语。",
            "The query has more terms than the search cluster accepts (indices.query.bool.max_clause_count). "
            "Use fewer terms.",
        )


def _answered(method: Method) -> Method:
    """Decorates a method so that errors of the client library become errors of the program."""

    @functools.wraps(method)
    def call(cluster: Cluster, *args: Any, **kwargs: Any) -> Any:
        with cluster.answering():
            return method(cluster, *args, **kwargs)

    return cast(Method, call)


def _reason(error: Exception) -> str:
    args = error.args
    return f"{args[0]} {args[1]}"[:200] if len(args) > 1 else type(error).__name__


class Cluster:
    """The cluster of an address."""

    def __init__(self, address: IndexAddress) -> None:
        try:
            from opensearchpy import OpenSearch  # noqa: PLC0415 (optional)
        except ModuleNotFoundError:
            raise MissingClientError from None
        self.address = address
        self.client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.hosts],
            # the library encodes them in Latin-1, which leaves these bytes in UTF-8
            http_auth=tuple(part.encode().decode("latin-1") for part in address.login) if address.login else None,
            use_ssl=address.scheme == "https",
            ssl_context=ssl.create_default_context() if address.scheme == "https" else None,
            timeout=_SECONDS,
            max_retries=_RETRIES,
            retry_on_timeout=True,
            retry_on_status=BUSY,
        )

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Raises errors of the client library as errors of the program.

        Raises:
            ClusterUnavailableError: the cluster does not answer.
            ClusterRefusesAccessError: the cluster does not let the user in.
            UntrustedClusterError: the certificate of the cluster is not trusted.
            QueryTooLongError: a query has too many parts.
        """
        import opensearchpy as client  # noqa: PLC0415 (optional)

        try:
            yield
        except (client.AuthenticationException, client.AuthorizationException) as error:
            raise ClusterRefusesAccessError(self.address, error.status_code) from error
        except client.SSLError as error:
            raise UntrustedClusterError(self.address, str(error)) from error
        except client.RequestError as error:
            if "too many" in str(error).lower():
                raise QueryTooLongError from error
            raise  # a request that the cluster does not understand is a defect
        except client.OpenSearchException as error:
            raise ClusterUnavailableError(self.address, _reason(error)) from error

    @_answered
    def search(self, index: str, body: Query) -> Json:
        """Returns the answer to one search."""
        params = {"allow_partial_search_results": "false", "request_cache": "true"}
        return self._complete(self.client.search(index=index, body=body, params=params))

    @_answered
    def searches(self, index: str, bodies: Sequence[Query]) -> list[Json]:
        """Returns the answers to several searches, in order."""
        answers: list[Json] = []
        if len(bodies) == 1:
            return [self.search(index, bodies[0])]
        for first in range(0, len(bodies), _SEARCHES):
            lines: list[Query] = []
            for body in bodies[first : first + _SEARCHES]:
                lines += [{"index": index, "allow_partial_search_results": False, "request_cache": True}, body]
            answers += self.client.msearch(body=lines)["responses"]
        return [self._complete(answer) for answer in answers]

    def scan(self, index: str, query: Query, fields: Sequence[str], sort: Sequence[Query] = ()) -> Iterator[Json]:
        """Yields the documents that match, with some fields, sorted; of an index that does not change meanwhile."""
        order = [*sort, {"number": "asc"}]
        body: Json = {
            "size": _PAGE_OF_TEXTS if {"text", "cells"} & {*fields} else _PAGE,
            "query": query,
            "sort": order,
            "_source": [*fields],
            "track_total_hits": False,
            "track_scores": any("_score" in each for each in sort),
        }
        pit, failed = "", 0
        try:
            while True:
                try:
                    pit = pit or self._open(index)
                    answer = self._next_page(body | {"pit": {"id": pit, "keep_alive": _KEPT}})
                except ClusterUnavailableError:
                    if failed == _REPEATED:
                        raise
                    self._close(pit)
                    pit, failed = "", failed + 1  # lost with its node; another point in time has the same documents
                    time.sleep(_FIRST_PAUSE * 2 ** (failed - 1))
                    continue
                documents: list[Json] = answer["hits"]["hits"]
                pit, failed = answer.get("pit_id", pit), 0
                yield from documents
                if len(documents) < body["size"]:
                    return
                body["search_after"] = documents[-1]["sort"]
        finally:
            self._close(pit)

    @_answered
    def _open(self, index: str) -> str:
        # without the parameter, it would leave out shards that do not answer, and searches would not tell
        params = {"keep_alive": _KEPT, "allow_partial_pit_creation": "false"}
        return str(self._complete(self.client.create_pit(index=index, params=params))["pit_id"])

    @_answered
    def _next_page(self, body: Query) -> Json:
        return self._complete(self.client.search(body=body))

    def _close(self, pit: str) -> None:
        from opensearchpy import OpenSearchException  # noqa: PLC0415 (optional)

        with suppress(OpenSearchException):  # the cluster drops it by itself
            if pit:
                self.client.delete_pit(body={"pit_id": [pit]})

    def _complete(self, answer: Json) -> Json:
        """Returns an answer.

        Raises:
            ClusterUnavailableError: some shards did not answer, or not in time.
        """
        if "error" in answer:
            if "too many" in str(answer["error"]).lower():
                raise QueryTooLongError
            status, reason = answer.get("status"), answer["error"].get("reason", "")
            raise ClusterUnavailableError(self.address, f"{status} {reason}"[:200])
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise ClusterUnavailableError(self.address, "partial answer")
        return answer

    @_answered
    def bulk(self, index: str, documents: Sequence[bytes]) -> list[tuple[int, str]]:
        """Writes documents; returns the status of each and why it was refused, in order."""
        from opensearchpy import ConnectionError as Disconnected  # noqa: PLC0415 (optional)
        from opensearchpy import SSLError, TransportError  # noqa: PLC0415 (optional)

        try:
            # in the address, because opensearch-py takes a parameter of this name as a timeout of its own
            path = f"/{index}/_bulk?timeout={_WRITE_SECONDS}s"
            headers = {"content-type": "application/x-ndjson"}
            answer = self.client.transport.perform_request("POST", path, body=b"".join(documents), headers=headers)
        except TransportError as error:
            is_away = isinstance(error, Disconnected) and not isinstance(error, SSLError)
            if not is_away and error.status_code not in BUSY:
                raise
            return [(BUSY[0], _reason(error))] * len(documents)  # none is known to be written; all have their ids
        outcomes = [outcome for item in answer["items"] for outcome in item.values()]
        return [(each["status"], each.get("error", {}).get("reason", "")) for each in outcomes]

    @_answered
    def document(self, index: str, id_: str) -> Json:
        """Returns the document with an id, which is its routing, too."""
        return cast(Json, self.client.get(index=index, id=id_, params={"routing": id_})["_source"])

    @_answered
    def refresh(self, index: str) -> None:
        """Makes what was written visible to searches."""
        self._complete(self.client.indices.refresh(index=index))

    @_answered
    def index_behind(self, name: str, *, for_readers: bool = False) -> str | None:
        """Returns the index behind an alias; None if there is none.

        A reader asks any node; a builder waits for the manager of the cluster, which knows the latest one.
        """
        params = {"local": "true"} if for_readers else {}
        own = f"{name}-*"  # without it, the request concerns all indices, which the user may not see
        if not self.client.indices.exists_alias(name=name, index=own, params=params):
            return None
        return str(max(self.client.indices.get_alias(name=name, index=own, params=params)))

    @_answered
    def meta(self, index: str, *, for_readers: bool = False) -> Json:
        """Returns what the builder noted in the mapping of an index."""
        mappings = self.client.indices.get_mapping(index=index, params={"local": "true"} if for_readers else {})
        return cast(Json, mappings[index]["mappings"].get("_meta", {}))

    @_answered
    def note(self, index: str, meta: Mapping[str, Any]) -> None:
        """Replaces what the builder noted."""
        self.client.indices.put_mapping(index=index, body={"_meta": meta})
