"""Requests to a cluster. An answer is complete or an error: never one of some shards only, never one cut short."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

from archive.errors import Busy, InvalidRequest, MissingSupport
from indexer.engines.opensearch.connection.address import IndexAddress

Json = dict[str, Any]
Query = Mapping[str, Any]

_SECONDS = 60
"""The time within which a request is answered."""
_RETRIES = 3
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
            http_auth=address.login,
            use_ssl=address.scheme == "https",
            http_compress=True,
            timeout=_SECONDS,
            max_retries=_RETRIES,
            retry_on_timeout=True,
            retry_on_status=(429, 502, 503, 504),
        )

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Raises errors of the client library as errors of the program.

        Raises:
            ClusterUnavailableError: the cluster does not answer.
            QueryTooLongError: a query has too many parts.
        """
        from opensearchpy import OpenSearchException, RequestError  # noqa: PLC0415 (optional)

        try:
            yield
        except RequestError as error:
            if "too many" in str(error).lower():
                raise QueryTooLongError from error
            raise  # a request that the cluster does not understand is a defect
        except OpenSearchException as error:
            raise ClusterUnavailableError(self.address, _reason(error)) from error

    @_answered
    def search(self, index: str, body: Query) -> Json:
        """Returns the answer to one search."""
        params = {"allow_partial_search_results": "false"}
        return self._complete(self.client.search(index=index, body=body, params=params))

    @_answered
    def searches(self, index: str, bodies: Sequence[Query]) -> list[Json]:
        """Returns the answers to several searches, in order."""
        answers: list[Json] = []
        for first in range(0, len(bodies), _SEARCHES):
            lines: list[Query] = []
            for body in bodies[first : first + _SEARCHES]:
                lines += [{"index": index, "allow_partial_search_results": False, "request_cache": True}, body]
            answers += self.client.msearch(body=lines)["responses"]
        return [self._complete(answer) for answer in answers]

    def scan(self, index: str, query: Query, fields: Sequence[str], sort: Sequence[Query] = ()) -> Iterator[Json]:
        """Yields the documents that match, with some fields, sorted; all of one state of the index."""
        order = [*sort, {"number": "asc"}]
        body: Json = {
            "size": _PAGE_OF_TEXTS if {"text", "cells"} & {*fields} else _PAGE,
            "query": query,
            "sort": order,
            "_source": [*fields],
            "track_total_hits": False,
            "track_scores": any("_score" in each for each in sort),
        }
        pit = self._open(index)
        try:
            while True:
                answer = self._next_page(body | {"pit": {"id": pit, "keep_alive": _KEPT}})
                documents: list[Json] = answer["hits"]["hits"]
                pit = answer.get("pit_id", pit)
                yield from documents
                if len(documents) < body["size"]:
                    return
                body["search_after"] = documents[-1]["sort"]
        finally:
            self._close(pit)

    @_answered
    def _open(self, index: str) -> str:
        return str(self.client.create_pit(index=index, params={"keep_alive": _KEPT})["pit_id"])

    @_answered
    def _next_page(self, body: Query) -> Json:
        return self._complete(self.client.search(body=body))

    def _close(self, pit: str) -> None:
        from opensearchpy import OpenSearchException  # noqa: PLC0415 (optional)

        with suppress(OpenSearchException):  # the cluster drops it by itself
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
    def bulk(self, index: str, lines: bytes) -> list[Json]:
        """Writes documents; returns the outcome of each, in order."""
        # a number: opensearch-py takes "30s" as a timeout of its own
        answer = self.client.bulk(index=index, body=lines, request_timeout=_SECONDS)
        return [outcome for item in answer["items"] for outcome in item.values()]

    @_answered
    def index_behind(self, name: str) -> str | None:
        """Returns the index behind an alias; None if there is none."""
        if not self.client.indices.exists_alias(name=name):
            return None
        return str(max(self.client.indices.get_alias(name=name)))

    @_answered
    def meta(self, index: str) -> Json:
        """Returns what the builder noted in the mapping of an index."""
        mappings = self.client.indices.get_mapping(index=index)
        return cast(Json, mappings[index]["mappings"].get("_meta", {}))
