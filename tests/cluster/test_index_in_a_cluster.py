"""The commands and the site over an index in a cluster: built beside the old one, published at once, or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import IndexMissing
from archive.model import Reading, Source
from archive.store.catalogue import Catalogue
from gongkai.cli import load_command
from gongkai.cli.context import Context
from indexer import index
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import VARIABLE, read_address
from indexer.engines.opensearch.connection.bulk import BulkWriter, RefusedReportsError
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.index import ClusterIndex, open_index
from indexer.query.request import Request
from tests.conformance.reports import AGENCIES, REPORTS
from webui.app import create_app

pytestmark = pytest.mark.cluster

SOURCE = Source("page.html", "1f6f0f0e9b1c2a" + "0" * 50, "text/html")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, index_address: str) -> Iterator[Path]:
    """A home whose catalogue has the reports, and whose index is in the cluster."""
    monkeypatch.setenv(VARIABLE, index_address)
    with tempfile.TemporaryDirectory() as folder:
        with Catalogue.open(Path(folder)) as catalogue:
            catalogue.add(Reading(SOURCE, REPORTS, (), AGENCIES), b"<html></html>")
        yield Path(folder)


def run(home: Path, name: str, *arguments: str) -> str:
    result = CliRunner().invoke(load_command(name), arguments, obj=Context(home, "en"))
    assert result.exit_code == 0, result.output
    return result.output


def test_the_commands_and_the_site_answer_from_the_cluster(home: Path) -> None:
    assert "Index version 1: 6 reports, 22 sections." in run(home, "index")
    found = json.loads(run(home, "search", '"公开"', "--json"))
    assert found["total"]["sections"] == open_index(home).search(Request('"公开"')).total.sections > 0
    assert not list((home / "index").glob("gen-*")), "nothing is built in the home"
    client = create_app(home).test_client()
    pages = [
        "/search?q=公开",
        "/search?q=火星没有的词",
        "/trends?q=公开",
        "/matrix?q=公开",
        "/concordance?q=公开",
        "/collocates?q=公开",
    ]
    for page in (*pages, "/distinctive?q=公开", "/api/suggest?q=公开", "/api/search?q=公开&sample=3"):
        response = client.get(page)
        assert response.status_code == 200, (page, response.text[:500])


def test_a_build_replaces_the_index_only_when_it_is_complete(home: Path, index_address: str) -> None:
    address, built = read_address(index_address), []
    client = Cluster(address)
    with pytest.raises(IndexMissing):
        published(client)
    run(home, "index")
    opened = ClusterIndex(address)
    for command in (["index"], ["index", "--rebuild"], ["index", "--rebuild"]):
        assert opened.current().search(Request("公开")).total.reports == 6
        run(home, *command)
        built.append(published(client)[1].as_of.generation)
    assert built == [1, 2, 3], "nothing to do, and two rebuilds"
    left = sorted(client.client.indices.get(index=f"{address.name}-*"))
    assert left == [f"{address.name}-000002", f"{address.name}-000003"], "the replaced one is still read"


def test_pages_of_the_replaced_index_are_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_SECONDS", 0.0)
    client, tags = create_app(home).test_client(), []
    for command in (["index"], ["index", "--rebuild"]):
        run(home, *command)
        page = client.get("/search?q=公开")
        tags.append(page.headers["ETag"])
        assert f"索引版本 {len(tags)}" in page.text
        assert f"gongkai_index_generation {len(tags)}.0" in client.get("/metrics").text
    assert tags[0] != tags[1]


def test_an_index_that_is_refused_is_not_published(
    home: Path,
    index_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(home, "index")
    address = read_address(index_address)
    monkeypatch.setattr(
        "indexer.engines.opensearch.build.held_reports.agency_document", lambda agency, number: {"unknown": number}
    )
    with pytest.raises(RefusedReportsError) as refused:
        build_cluster_index(address, home, REPORTS[:2], AGENCIES, revision=99)
    assert f"agency-{AGENCIES[0].id}: 400" in refused.value.en
    client = Cluster(address)
    name, manifest = published(client)
    assert (name, manifest.as_of.reports) == (f"{address.name}-000001", 6)
    command = CliRunner().invoke(load_command("index"), ["--rebuild"], obj=Context(home, "en"))
    assert isinstance(command.exception, RefusedReportsError) and command.exception.exit_code == 1


def test_a_document_that_is_refused_is_named(index_address: str) -> None:
    client = Cluster(read_address(index_address))
    index = f"{client.address.name}-000001"
    client.client.indices.create(index=index, body={"mappings": {"dynamic": "strict", "properties": {}}})
    writer = BulkWriter(client, index)
    writer.add("good", "a", {})
    writer.add("linshui-chengguan/2014#preface", "a", {"unknown": 1})
    with pytest.raises(RefusedReportsError) as refused:
        writer.finish()
    assert "refused 1 documents" in refused.value.en and "linshui-chengguan/2014#preface: 400" in refused.value.en
