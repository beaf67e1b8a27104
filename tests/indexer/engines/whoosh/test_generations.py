"""Generations: a reader sees the old index or the new one, whatever happens to a builder."""

from __future__ import annotations

import errno
import gc
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import Busy, DamagedArchive, GongkaiError, IndexMissing
from archive.model import Report
from archive.store.listing import list_report
from archive.text.normalize import normal_form
from indexer.engines.whoosh.build import build as whoosh_build
from indexer.engines.whoosh.build import generations, manifest, shards
from indexer.engines.whoosh.build.generations import build_index, current_generation, verify_index
from indexer.engines.whoosh.build.manifest import read_manifest, write_manifest
from indexer.index import Index, open_index
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.conformance.reports import AGENCIES, REPORTS, build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]

KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.engines.whoosh.build.generations import build_index
from tests.conformance.reports import AGENCIES, REPORTS

def reports():
    yield from REPORTS[:3]
    os.kill(os.getpid(), signal.SIGKILL)

build_index(Path(sys.argv[1]), reports(), AGENCIES, revision=2)
"""


def never() -> Iterator[Report]:
    raise AssertionError("reports were read though nothing had changed")
    yield


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "index").glob("gen-*"))


def files(home: Path, generation: int) -> dict[str, bytes]:
    """Every file of a generation but Whoosh's, which it names at random, and what says which generation it is."""
    folder = home / "index" / f"gen-{generation:06}"
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if "words" not in name and name != "index.json"}


def rewrite(home: Path, **changes: object) -> None:
    """Changes the manifest as another version of the program would have written it, with a valid checksum."""
    path = home / "index" / "gen-000001" / "index.json"
    content = {**json.loads(path.read_text("utf-8")), **changes}
    content.pop("checksum")
    content["checksum"] = manifest._checksum(content)
    path.write_text(json.dumps(content), "utf-8")


def sentences(reports: Iterable[Report]) -> set[str]:
    """Paragraphs that are sentences: other lines may stand in a heading or a cell, too."""
    texts = (each.text for report in reports for section in report.sections for each in section.paragraphs)
    return {normal_form(text) for text in texts if text.endswith("。")}


def test_the_same_revision_is_not_built_again(tmp_path: Path) -> None:
    first = build_index(tmp_path, REPORTS, AGENCIES, revision=1)
    assert build_index(tmp_path, never(), AGENCIES, revision=1) == first
    assert (first.generation, first.reports, first.sections) == (1, 6, 22)


def test_a_new_revision_or_a_rebuild_is_a_new_generation_and_the_replaced_one_stays(tmp_path: Path) -> None:
    build(tmp_path)
    assert build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2).generation == 2
    assert names(tmp_path) == ["gen-000001", "gen-000002"]
    assert build_index(tmp_path, REPORTS, AGENCIES, revision=2, rebuild=True).generation == 3
    assert names(tmp_path) == ["gen-000002", "gen-000003"]


def test_an_update_cuts_only_what_changed_and_is_the_same_as_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_texts: list[str] = []
    cut = Tokenizer.cut
    build_index(tmp_path, REPORTS[:3], AGENCIES, revision=1)
    with monkeypatch.context() as patch:
        patch.setattr(Tokenizer, "cut", lambda self, form: cut_texts.append(form) or cut(self, form))
        build_index(tmp_path, REPORTS, AGENCIES, revision=2)
    build_index(tmp_path, REPORTS, AGENCIES, revision=2, rebuild=True)
    assert files(tmp_path, 2) == files(tmp_path, 3)
    old, new = sentences(REPORTS[:3]), sentences(REPORTS[3:])
    assert (old - new).isdisjoint(cut_texts)
    assert new - old
    assert new - old <= {*cut_texts}


def test_a_full_shard_ends_and_an_update_still_is_the_same_as_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report goes from the first shard, so that every one behind it begins elsewhere."""
    monkeypatch.setattr(shards, "MEAN", 1 << 64)
    monkeypatch.setattr(shards, "MOST", 2)
    build_index(tmp_path, REPORTS, AGENCIES, revision=1)
    assert len({path.split("/")[1] for path in files(tmp_path, 1) if path.startswith("shards")}) == 3
    build_index(tmp_path, REPORTS[1:], AGENCIES, revision=2)
    build_index(tmp_path, REPORTS[1:], AGENCIES, revision=2, rebuild=True)
    assert files(tmp_path, 2) == files(tmp_path, 3)


def test_what_several_processes_build_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MEAN", 1)
    for revision, cores in enumerate((1, 2), 1):
        monkeypatch.setattr(whoosh_build, "CORES", cores)
        build_index(tmp_path, REPORTS, AGENCIES, revision=revision, rebuild=True)
    assert len({path.split("/")[1] for path in files(tmp_path, 1) if path.startswith("shards")}) == len(REPORTS)
    assert files(tmp_path, 1) == files(tmp_path, 2)


MANY = """
import resource, sys
from pathlib import Path
from indexer.index import open_index
from indexer.query.request import Request

resource.setrlimit(resource.RLIMIT_NOFILE, (32, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
print(open_index(Path(sys.argv[1])).search(Request("微博")).total.sections)
"""


def test_an_index_of_more_shards_than_a_process_may_open_files_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand files are what most systems begin with, and a hundred shards."""
    monkeypatch.setattr(shards, "MEAN", 1)
    build(tmp_path)
    found = open_index(tmp_path).search(Request("微博")).total.sections
    command = [sys.executable, "-c", MANY, tmp_path]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (said.stdout, said.stderr) == (f"{found}\n", "")


def test_a_report_more_is_read_alone_and_the_other_shards_are_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty of one report and one more: below a tenth, so that keywords are weighed as before."""
    monkeypatch.setattr(shards, "MEAN", 1)
    monkeypatch.setattr(whoosh_build, "CORES", 1)
    many = [replace(REPORTS[0], year=year, year_basis="printed") for year in range(1990, 2011)]
    build_index(tmp_path, many[:-1], AGENCIES, revision=1)
    kept = [replace(each, read=lambda: next(never())) for each in list_report(many[:-1])]
    build_index(tmp_path, [*kept, many[-1]], AGENCIES, revision=2)
    assert open_index(tmp_path).search(Request()).total.reports == 21
    before, after = (files(tmp_path, generation) for generation in (1, 2))
    taken_over = [path for path in before if path.startswith("shards")]
    assert taken_over
    for path in taken_over:
        one, other = (tmp_path / "index" / f"gen-00000{generation}" / path for generation in (1, 2))
        assert one.samefile(other)
    assert before["frequencies.json"] == after["frequencies.json"]


def test_shards_are_copied_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on exFAT, where every update of an index failed."""

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(shards, "MEAN", 1)
    monkeypatch.setattr(whoosh_build, "CORES", 1)
    build_index(tmp_path, REPORTS[:-1], AGENCIES, revision=1)
    monkeypatch.setattr(shards.os, "link", refused)
    build_index(tmp_path, REPORTS, AGENCIES, revision=2)
    build_index(tmp_path, REPORTS, AGENCIES, revision=2, rebuild=True)
    assert files(tmp_path, 2) == files(tmp_path, 3)


def test_keywords_are_weighted_again_when_a_tenth_of_the_reports_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many reports as before are there; one captured again has come, and the one before it has gone."""
    monkeypatch.setattr(shards, "MEAN", 1)
    monkeypatch.setattr(whoosh_build, "CORES", 1)
    many = [replace(REPORTS[0], year=year, year_basis="printed") for year in range(1990, 2010)]
    weighed = []
    for revision, renewed in enumerate((0, 1, 2), 1):
        again = [replace(each, sections=each.sections[:1]) for each in many[:renewed]]
        build_index(tmp_path, [*again, *many[renewed:]], AGENCIES, revision)
        weighed.append(files(tmp_path, revision)["frequencies.json"])
    assert weighed[0] == weighed[1] != weighed[2]


def test_agencies_that_changed_their_name_are_indexed_again(tmp_path: Path) -> None:
    build_index(tmp_path, REPORTS, AGENCIES, revision=1)
    renamed = replace(AGENCIES[0], name="临水市综合执法局", place="临水市新城区")
    build_index(tmp_path, REPORTS, [renamed, *AGENCIES[1:]], revision=2)
    answer = open_index(tmp_path).search(Request("place:新城"))
    assert answer.total.reports == 3
    assert {hit.agency_name for hit in answer.hits} == {"临水市综合执法局"}


def test_an_open_engine_keeps_its_generation(tmp_path: Path) -> None:
    build(tmp_path)
    first = open_index(tmp_path)
    assert open_index(tmp_path) is first
    build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2)
    for engine, generation, reports in ((first, 1, 6), (open_index(tmp_path), 2, 2)):
        answer = engine.search(Request())
        assert (answer.as_of.generation, answer.total.reports) == (generation, reports)


def test_a_replaced_engine_is_released_at_once(tmp_path: Path) -> None:
    """Files and memory are released without a run of the garbage collector."""
    build(tmp_path)
    engine = open_index(tmp_path)
    for query in ("公开 微博", '("公*开" OR 公开 NEAR/30 微博) requests.new.total>0 word:公开'):
        request = Request(query, facets=("year", "agency", "keyword"))
        answer = engine.search(request)
        engine.series(request)
        engine.matrix(request)
        engine.distinctive(request)
        engine.related(next((hit.url for hit in answer.hits), ""))
        assert [*engine.concordance(request).lines] or not answer.hits
    engine.suggest("gongkai")
    parts = [
        weakref.ref(part)
        for part in vars(engine).values()
        if "whoosh" in type(part).__module__ and hasattr(part, "__weakref__")
    ]
    assert parts
    del engine
    gc.disable()
    try:
        build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2)
        assert open_index(tmp_path).search(Request()).total.reports == 2
        assert [part for part in parts if part() is not None] == []
    finally:
        gc.enable()


def test_a_program_keeps_the_last_few_homes_open(tmp_path: Path) -> None:
    build(tmp_path / "0")
    first = weakref.ref(open_index(tmp_path / "0"))
    for number in range(1, 20):
        shutil.copytree(tmp_path / "0", tmp_path / str(number))
        assert open_index(tmp_path / str(number)).search(Request()).total.reports == 6
    assert first() is None


def test_a_builder_that_is_killed_leaves_the_old_index_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    build(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, check=False)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL
    assert names(tmp_path) == ["gen-000001", "gen-000002"]
    assert open_index(tmp_path).search(Request()).total.reports == 6
    assert build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2).generation == 2
    assert open_index(tmp_path).search(Request()).total.reports == 2


@pytest.mark.parametrize("step", ["_publish", "build", "dictionary_hash"])
def test_a_builder_that_fails_at_any_step_leaves_the_old_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    build(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(generations, step, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2)
    assert open_index(tmp_path).search(Request()).total.reports == 6
    assert build_index(tmp_path, REPORTS[:2], AGENCIES, revision=2).reports == 2


def test_two_builders_do_not_build_at_once(tmp_path: Path) -> None:
    def reports() -> Iterator[Report]:
        with pytest.raises(Busy) as caught:
            build(tmp_path)
        assert caught.value.zh == f"另一个进程（{os.getpid()}）正在建索引。请等它结束后再试。"
        assert caught.value.en == (
            f"Another process ({os.getpid()}) is building the index. Wait until it has finished, then try again."
        )
        yield from REPORTS

    assert build_index(tmp_path, reports(), AGENCIES, revision=1).reports == 6


def test_without_an_index_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_index(tmp_path)
    assert caught.value.zh == "还没有索引。请先运行 gongkai index。"
    assert caught.value.en == "There is no index yet. Run gongkai index first."


@pytest.mark.parametrize("changes", [{"dictionary": "0" * 64}, {"schema": 0}, {"shape": "0" * 32}, {"unknown": 1}])
def test_an_index_of_another_program_or_dictionary_is_refused_and_built_again(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    build(tmp_path)
    rewrite(tmp_path, **changes)
    with pytest.raises(IndexMissing) as caught:
        open_index(tmp_path)
    assert caught.value.zh == "索引是用另一版程序或词典建的。请运行 gongkai index --rebuild。"
    assert caught.value.en == (
        "The index was built by another version of the program or with another dictionary. Run gongkai index --rebuild."
    )
    assert build_index(tmp_path, REPORTS, AGENCIES, revision=1).generation == 2
    assert open_index(tmp_path).search(Request()).total.reports == 6


CHANGED_SOURCES = [
    ("indexer/query/fields.py", "(agency.level,)", "(agency.kind,)", "a field with other values"),
    ("indexer/query/fields.py", 'Field("kind"', 'Field("sort"', "a field of another name"),
    ("archive/agencies/regions.py", "accumulate((*_shared", "tuple((*_shared", "other regions around a place"),
    ("archive/cues/divisions.py", "(*above, newest", "(newest", "other paths of divisions"),
    ("archive/rules/divisions/divisions.tsv", "2010\n", "2011\n", "a division that was abolished in another year"),
    ("indexer/engines/whoosh/build/shard_builder.py", "HEADING_WEIGHT - 1", "HEADING_WEIGHT", "other weights"),
    ("indexer/data/stopwords.txt", "\n", "的\n", "another list of stop words"),
    ("archive/rules/agencies.toml", "街道", "大街", "other levels and kinds of agencies"),
]


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"), CHANGED_SOURCES, ids=[case[3] for case in CHANGED_SOURCES]
)
def test_an_index_that_other_sources_shaped_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, before: str, after: str, reason: str
) -> None:
    build(tmp_path / "home")
    for package in ("archive", "indexer"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(manifest, "files", lambda package: tmp_path / package)
    monkeypatch.setattr(manifest, "shape_hash", manifest.shape_hash.__wrapped__)
    assert open_index(tmp_path / "home").search(Request()).total.reports == 6, "the same sources elsewhere"
    source = (tmp_path / file).read_text("utf-8")
    assert before in source
    (tmp_path / file).write_text(source.replace(before, after, 1), "utf-8")
    with pytest.raises(IndexMissing, match="gongkai index --rebuild"):
        current_generation(tmp_path / "home")


def cut_short(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip(path: Path, position: float = 0.5) -> None:
    """Flips one bit, as a failing disk does."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * position)] ^= 1
    path.unlink()  # the file may be linked into another generation
    path.write_bytes(data)


DAMAGE = [
    ("current", lambda path: path.write_bytes(b"\xff\xfe\x00"), "a pointer that is no text"),
    ("current", lambda path: path.write_text("../../etc"), "a pointer that leads outside"),
    ("current", lambda path: path.write_text("gen-000009"), "a pointer to a generation that does not exist"),
    ("gen-000001/index.json", cut_short, "half a manifest"),
    ("gen-000001/index.json", lambda path: path.write_text("[]"), "a manifest that is no object"),
    ("gen-000001/index.json", lambda path: path.write_text(path.read_text("utf-8").replace("22", "23")), "a count"),
    ("gen-000001/shards/*/normal.u2", cut_short, "text that lost its end: it would match too little"),
    ("gen-000001/shards/*/records.jsonl", Path.unlink, "a missing column"),
    ("gen-000001/agencies.json", Path.unlink, "missing names"),
    ("gen-000001/agencies.json", lambda path: (path.unlink(), path.mkdir()), "a folder in place of a file"),
    ("gen-000001/columns/more.i8", lambda path: path.write_bytes(b"0"), "a file that does not belong there"),
]


def opens_as_damaged(home: Path) -> None:
    with pytest.raises(DamagedArchive) as caught:
        open_index(home)
    assert str(home / "index") in caught.value.zh
    assert caught.value.zh.endswith("请运行 gongkai index --rebuild。")
    assert caught.value.en.startswith("The index is damaged or incomplete: ")
    assert caught.value.en.endswith(" Run gongkai index --rebuild.")


@pytest.mark.parametrize(("file", "damage", "reason"), DAMAGE, ids=[case[2] for case in DAMAGE])
def test_a_damaged_index_is_refused_and_built_again(
    tmp_path: Path, file: str, damage: Callable[[Path], object], reason: str
) -> None:
    build(tmp_path)
    root = tmp_path / "index"
    (path,) = root.glob(file) if "*" in file else [root / file]
    damage(path)
    opens_as_damaged(tmp_path)
    assert [*verify_index(tmp_path)]
    assert build_index(tmp_path, REPORTS, AGENCIES, revision=1).generation >= 2
    assert open_index(tmp_path).search(Request()).total.reports == 6
    assert [*verify_index(tmp_path)] == []


def test_one_bit_of_any_file_is_noticed_and_healed(tmp_path: Path) -> None:
    build(tmp_path)
    intact = tmp_path / "index" / "gen-000001"
    paths = [path.relative_to(intact) for path in sorted(intact.rglob("*")) if path.is_file() and path.stat().st_size]
    assert len(paths) > 30
    for number, path in enumerate(paths):
        home = tmp_path / str(number)
        shutil.copytree(tmp_path / "index", home / "index")
        flip(home / "index" / "gen-000001" / path, number / len(paths))
        with pytest.raises(GongkaiError, match="gongkai index --rebuild"):
            open_index(home)
        assert len([*verify_index(home)]) == 1, path


def test_a_shard_with_damage_is_not_reused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hard link would carry the damage into every later generation."""
    monkeypatch.setattr(shards, "MEAN", 1)
    build_index(tmp_path, REPORTS[:-1], AGENCIES, revision=1)
    path = sorted((tmp_path / "index").glob("gen-000001/shards/*/normal.u2"))[0]
    flip(path)
    build_index(tmp_path, REPORTS, AGENCIES, revision=2)
    build_index(tmp_path, REPORTS, AGENCIES, revision=2, rebuild=True)
    assert files(tmp_path, 2) == files(tmp_path, 3)
    reused = tmp_path / "index" / "gen-000002" / path.relative_to(tmp_path / "index" / "gen-000001")
    assert not reused.samefile(path) if path.exists() else reused.exists()


def test_every_file_of_a_large_index_is_verified_but_not_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path)
    (path,) = (tmp_path / "index").glob("gen-000001/shards/*/normal.u2")
    flip(path)
    monkeypatch.setattr(generations, "CHECKED_AT_OPEN", 100)
    current_generation(tmp_path)
    assert [*verify_index(tmp_path)] == [str(path)]


@pytest.mark.parametrize("file", ["columns/bounds.i8", "shards/*/lines.i8", "shards/*/records.jsonl"])
def test_an_error_of_a_damaged_large_file_asks_for_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """Such a file is not read as a whole when an index is opened."""
    build(tmp_path)
    monkeypatch.setattr(generations, "CHECKED_AT_OPEN", 0)
    (path,) = (tmp_path / "index" / "gen-000001").glob(file)
    path.write_bytes(b"\xff" * path.stat().st_size)
    engine = Index(tmp_path).current()
    with pytest.raises(DamagedArchive, match="gongkai index --rebuild"):
        [*engine.concordance(Request("微博", facets=("year",))).lines]
        engine.search(Request("微博", facets=("year",)))


def test_an_error_of_the_program_is_not_taken_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path)
    engine = Index(tmp_path).current()
    monkeypatch.setattr(engine.evaluator, "match", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        engine.search(Request("微博"))


def test_files_are_on_the_disk_before_the_pointer_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut, a file that was not flushed may be empty although its directory entry exists."""
    flushed: set[int] = set()
    fsync, replace_file = os.fsync, Path.replace

    def record(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def check(path: Path, target: Path) -> Path:
        inside = {each.stat().st_ino for each in [*target.parent.glob("gen-000001/**"), path]}
        inside |= {each.stat().st_ino for each in target.parent.glob("gen-000001/**/*")}
        assert inside <= flushed
        return replace_file(path, target)

    monkeypatch.setattr(os, "fsync", record)
    monkeypatch.setattr(Path, "replace", check)
    build(tmp_path)
    assert (tmp_path / "index").stat().st_ino in flushed


class Poison:
    """Runs code when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self.target),)


def test_opening_an_index_runs_no_code_in_it(tmp_path: Path) -> None:
    """Replaces each file of Whoosh, and each pickle inside it, by a poisoned pickle."""
    build(tmp_path / "home")
    directory = tmp_path / "home" / "index" / "gen-000001"
    target, ran = tmp_path / "target", 0
    poison = pickle.dumps(Poison(target), 2)
    pickle.loads(poison)  # noqa: S301
    assert target.exists(), "the poison works"
    target.rmdir()
    intact = {path: path.read_bytes() for path in directory.glob("shards/*/words/*")}
    starts = [(path, at) for path, data in intact.items() for at in range(len(data)) if data.startswith(b"\x80", at)]
    tables = [(path, at) for path, at in starts if path.suffix == ".toc"]
    assert tables
    postings = [start for start in starts if start not in tables]
    for path, at in [*tables, *postings[:: len(postings) // 20], *((path, 0) for path in intact)]:
        path.write_bytes(intact[path][:at] + poison + intact[path][at + len(poison) :])
        listed = read_manifest(directory)
        assert listed
        (directory / "index.json").unlink()
        name = path.relative_to(directory).as_posix()
        sealed = {**listed.files, name: (path.stat().st_size, manifest.file_checksum(path))}
        write_manifest(directory, replace(listed, files=sealed))
        try:
            Index(tmp_path / "home").current().search(Request("公开"))
        except DamagedArchive:
            ran += 1
        assert not target.exists()
        path.write_bytes(intact[path])
    assert ran, "no poisoned file was read"


def test_links_in_an_index_are_not_written_through(tmp_path: Path) -> None:
    """The index of somebody else may hold links to the files of whoever updates it."""
    build(tmp_path / "home")
    root, precious = tmp_path / "home" / "index", tmp_path / "precious"
    precious.write_text("text")
    for name in ("current.new", "build.pid"):
        (root / name).symlink_to(precious)
    (root / "gen-000007").symlink_to(tmp_path)
    build_index(tmp_path / "home", REPORTS[:2], AGENCIES, revision=2)
    assert precious.read_text() == "text"
    assert open_index(tmp_path / "home").search(Request()).total.reports == 2


def test_an_index_that_is_gone_is_built_again(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "index" / "gen-000001" / "index.json").unlink()
    with pytest.raises(DamagedArchive):
        open_index(tmp_path)
    build(tmp_path)
    assert open_index(tmp_path).search(Request()).as_of.generation == 2


def test_an_empty_archive_has_an_empty_index(tmp_path: Path) -> None:
    build_index(tmp_path, [], [], revision=0)
    answer = open_index(tmp_path).search(Request('"公开" word:公开 OR 公开申请 year:2014'))
    assert (answer.total.sections, answer.total.occurrences, answer.hits) == (0, 0, ())


def test_sections_without_text_are_kept(tmp_path: Path) -> None:
    bare = replace(REPORTS[0], sections=(replace(REPORTS[0].sections[0], heading=None, paragraphs=()),))
    build_index(tmp_path, [bare], AGENCIES, revision=0)
    assert open_index(tmp_path).search(Request()).total.sections == 1
    assert open_index(tmp_path).search(Request('"公"')).total.sections == 0
