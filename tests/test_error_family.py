"""Every error of the program belongs to the family of `archive.errors`, which decides its exit code and its status."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from archive import errors
from archive.errors import GongkaiError
from gongkai.cli.options import OptionError
from indexer.engines.opensearch.build.builder_beat import BusyElsewhereError
from indexer.engines.opensearch.build.update import IncompleteIndexError
from indexer.engines.opensearch.connection.access_errors import ClusterRefusesAccessError, UntrustedClusterError
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.bulk import RefusedReportsError
from indexer.engines.opensearch.connection.cluster_client import (
    ClusterUnavailableError,
    MissingClientError,
    QueryTooLongError,
)
from indexer.query.query_errors import FilterError, QueryError
from tests.test_structure import MODULES
from webui.app import create_app
from webui.http.errors import LocalOnlyError, NotHeldError, ParameterError, UntrustedHostError
from webui.http.streaming import BusyError
from webui.render.pictures.png import MissingFontError

OUTSIDE = {
    "InvalidRulesError": "a mistake in shipped rules: the test of the rules fails, and no user sees it",
    "NoRoomError": "indexer builds the index from the beginning",
    "NotAContainerError": "archive.ingest catches it and reads the file as one page",
    "WorkerError": "archive.ingest catches it and reports the limit or the crash as an error of the family",
    "_ReportedError": "archive.ingest catches it; the error itself was reported for the page",
}
ADDRESS = read_address("opensearch+http://127.0.0.1:9200/gongkai")


def defined() -> Iterator[type[Exception]]:
    """Every exception class that a module of the program defines."""
    for name in MODULES:
        if not name.endswith("__main__"):
            module = importlib.import_module(name)
            own = (each for each in vars(module).values() if isinstance(each, type) and each.__module__ == name)
            yield from (each for each in own if issubclass(each, Exception))


DEFINED = {kind.__name__: kind for kind in defined()}
CAUSES = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GongkaiError)}

EXAMPLES = [
    (QueryError(3, "甲。", "A."), errors.InvalidRequest, 2, 400, "a query with a mistake"),
    (FilterError("year", "甲。", "A."), errors.InvalidRequest, 2, 400, "a filter beside the query"),
    (ParameterError("甲。", "A."), errors.InvalidRequest, 2, 400, "a parameter of an address"),
    (UntrustedHostError("a.example"), errors.InvalidRequest, 2, 400, "a host that is not of the site"),
    (LocalOnlyError(), errors.InvalidRequest, 2, 403, "metrics from another machine"),
    (OptionError("甲。", "A."), errors.InvalidRequest, 2, 400, "an option of a command"),
    (errors.Ambiguous("甲。", "A."), errors.Ambiguous, 1, 400, "a name of several agencies"),
    (NotHeldError("甲。", "A.", "a", ("2016",)), errors.NotFound, 1, 404, "a report that is not held"),
    (errors.NotFound("甲。", "A."), errors.NotFound, 1, 404, "an agency that is not held"),
    (BusyError(), errors.Busy, 1, 503, "too many downloads"),
    (MissingFontError(), errors.MissingSupport, 1, 503, "a picture without a font for its text"),
    (MissingClientError(), errors.MissingSupport, 1, 503, "a search cluster without the library that talks to it"),
    (ClusterUnavailableError(ADDRESS, "timeout"), errors.Busy, 1, 503, "a search cluster that does not answer"),
    (ClusterRefusesAccessError(ADDRESS, 401), errors.UnusableHome, 1, 503, "a search cluster that refuses a password"),
    (UntrustedClusterError(ADDRESS, "expired"), errors.UnusableHome, 1, 503, "a search cluster that is not trusted"),
    (BusyElsewhereError("a.example"), errors.Busy, 1, 503, "another machine that builds the same index"),
    (IncompleteIndexError(ADDRESS), errors.DamagedArchive, 1, 503, "a search cluster that has lost documents"),
    (QueryTooLongError(), errors.InvalidRequest, 2, 400, "a query that a search cluster does not accept"),
    (RefusedReportsError([("a/2016", "400")]), errors.LimitExceeded, 1, 503, "documents that a cluster refuses"),
    (errors.IndexMissing("甲。", "A."), errors.IndexMissing, 1, 503, "an archive without an index"),
    (errors.UnusableHome("甲。", "A."), errors.UnusableHome, 1, 503, "a folder that cannot be used"),
]


def test_every_error_of_the_program_has_a_cause() -> None:
    assert len(DEFINED) > len(CAUSES)
    outside = {name for name, kind in DEFINED.items() if not issubclass(kind, tuple(CAUSES - {GongkaiError}))}
    assert outside == {*OUTSIDE, "GongkaiError"}


def test_only_causes_decide_exit_codes() -> None:
    assert [name for name, kind in DEFINED.items() if "exit_code" in vars(kind) and kind not in CAUSES] == []


def test_every_class_of_the_other_packages_has_an_example() -> None:
    shown = {type(error) for error, *_ in EXAMPLES} | CAUSES
    assert {kind for name, kind in DEFINED.items() if name not in OUTSIDE} <= shown


@pytest.mark.parametrize(
    ("error", "cause", "exit_code", "status"), [pytest.param(*row, id=reason) for *row, reason in EXAMPLES]
)
def test_exit_code_and_status_follow_from_the_cause(
    error: GongkaiError, cause: type[GongkaiError], exit_code: int, status: int, tmp_path: Path
) -> None:
    app = create_app(tmp_path)

    @app.get("/api/raise")
    def fail() -> str:
        raise error

    response = app.test_client().get("/api/raise")
    assert isinstance(error, cause)
    assert (error.exit_code, response.status_code) == (exit_code, status)
    assert ("Retry-After" in response.headers) == (status == HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.mark.parametrize("error", [pytest.param(error, id=reason) for error, *_, reason in EXAMPLES])
def test_an_error_keeps_its_attributes_between_processes(error: GongkaiError) -> None:
    received = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert (type(received), vars(received), str(received)) == (type(error), vars(error), str(error))
