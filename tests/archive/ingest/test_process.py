"""Processes that read end at their own limits and with the program; a crash is reported with its last words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import GongkaiError, LimitExceeded, UnreadableSource
from archive.ingest import process as process_module
from archive.ingest.process import WorkerError, WorkerProcess, end_all, last_words, worker
from archive.ingest.protocol import ParsePage
from archive.ingest.sandbox import parse_in_sandbox
from archive.ingest.sources import captures_in
from archive.ingest.temporary_folders import new_folder, sweep
from archive.limits import Limits
from tests.archive.ingest.workers import changed_workers, is_running, wait_for, wait_for_end
from tests.archive.readers.documents import html_page, source, warc_file
from tests.archive.readers.workbooks import compound_file

pytestmark = pytest.mark.slow

PATIENT = Limits(seconds=100)
PAGE = "一、概述".encode()
DECODE = "import os, archive.readers.text\ndef fail(data):\n    {}\narchive.readers.text.decode = fail\n"
PARSE = (
    "from dataclasses import replace\nimport archive.extract.pipeline as pipeline\nfrom archive.notices import notice\n"
    "from archive.model import Notice\nparse = pipeline.parse_source\n"
    "pipeline.parse_source = lambda data, source: {}\n"
)
ENCODE = "import archive.ingest.protocol as protocol\nprotocol.encode = lambda answer: {}\n"
INVALID = "(its answer is not valid"

CRASHES: list[tuple[str, type[GongkaiError], str, str]] = [
    (
        DECODE.format("import ctypes; ctypes.string_at(0)"),
        UnreadableSource,
        "crashed (signal SIGSEGV: Fatal Python error: Segmentation fault; File ",
        "native code reads memory that is none",
    ),
    (DECODE.format("os.kill(os.getpid(), 9)"), UnreadableSource, "crashed (signal SIGKILL); ", "killed by the system"),
    (
        DECODE.format("os.write(2, b'lib: first\\nlib: last\\n'); os._exit(3)"),
        UnreadableSource,
        "crashed (exit status 3: lib: last); ",
        "a library prints its reason and ends the process",
    ),
    (
        DECODE.format("os.write(2, b'x' * 60000 + b'end'); os._exit(3)"),
        UnreadableSource,
        f"crashed (exit status 3: {'x' * 297}end); ",
        "a library prints a lot",
    ),
    (
        DECODE.format("os.write(2, b\"what(): 'std::bad_alloc'\"); os.abort()"),
        LimitExceeded,
        "takes more than 1024 MB of memory",
        "C++ without memory",
    ),
    (DECODE.format("raise MemoryError"), LimitExceeded, "takes more than 1024 MB of memory", "Python without memory"),
    (ENCODE.format("(9).to_bytes(8) + b'no answer'"), UnreadableSource, INVALID, "an answer that is no JSON"),
    (
        ENCODE.format("b'\\x80\\x04cos\\nsystem\\n(S\"touch pickled\"\\ntR.' * 9"),
        UnreadableSource,
        INVALID,
        "a length beyond the limit of memory",
    ),
    (ENCODE.format("(2).to_bytes(8) + b'{}'"), UnreadableSource, INVALID, "an answer of no kind"),
    (
        ENCODE.format('(28).to_bytes(8) + b\'{"type":"ContainerEnded"}    \''),
        UnreadableSource,
        INVALID,
        "an answer to another order",
    ),
    (
        PARSE.format("replace(parse(data, source), notices=(Notice('nonsuch', 'info'),))"),
        UnreadableSource,
        INVALID,
        "a notice without words",
    ),
    (
        PARSE.format("replace(parse(data, source), notices=(notice('missing_year', year=2012),))"),
        UnreadableSource,
        INVALID,
        "a notice without a fact of its sentence",
    ),
    (
        PARSE.format("replace(parse(data, source), reports=(1, 2))"),
        UnreadableSource,
        INVALID,
        "numbers in place of reports",
    ),
]


@pytest.mark.parametrize(("code", "kind", "sentence", "reason"), CRASHES, ids=[case[3] for case in CRASHES])
def test_a_process_that_fails_is_reported_by_its_cause(
    code: str, kind: type[GongkaiError], sentence: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with changed_workers(tmp_path, code, monkeypatch), pytest.raises(GongkaiError) as raised:
        parse_in_sandbox(PAGE, source(), PATIENT)
    assert type(raised.value) is kind
    assert sentence in raised.value.en


def test_a_crash_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        changed_workers(tmp_path, DECODE.format("os.write(2, b'gone'); os._exit(3)"), monkeypatch),
        pytest.raises(GongkaiError) as raised,
    ):
        parse_in_sandbox(PAGE, source(), PATIENT)
    assert (raised.value.zh, raised.value.en) == (
        "读 page 的进程崩溃（退出码 3：gone），没有读成。请把页面和这句话报告给我们。",
        "The process that read page crashed (exit status 3: gone); the page was not read. "
        "Please report it with the page and this sentence.",
    )


def test_a_process_that_does_not_start_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end_all()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(UnreadableSource) as raised:
        parse_in_sandbox(PAGE, source(), PATIENT)
    assert "crashed (it did not start: [Errno 2] No such file or directory: " in raised.value.en


def test_a_process_has_no_say_in_where_a_page_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = PARSE.format("parse(data, replace(source, sha256='f' * 64, agency='某局', url='http://evil.example/'))")
    with changed_workers(tmp_path, code, monkeypatch):
        reading = parse_in_sandbox(html_page().encode(), source(), PATIENT)
    assert [reading.source, reading.reports[0].source] == [reading.source] * 2
    assert (reading.source.sha256, reading.source.agency, reading.source.url) == (source().sha256, None, None)
    assert reading.source.media_type == "text/html", "what it found out is kept"


CAPTURES = (
    "from dataclasses import replace\nimport archive.readers.warc as warc\ncaptures = warc.captures\n"
    "warc.captures = lambda *given, **named: (({}) for data, source in captures(*given, **named))\n"
)
FORGED = [
    ("data + b' ', source", INVALID, "bytes of another hash"),
    ("data, replace(source, agency='某局')", INVALID, "an agency that no curator gave"),
    ("data * 9000, source", INVALID, "a page beyond the limit"),
    ("__import__('os')._exit(3)", "crashed (exit status 3)", "a crash between two pages"),
]


@pytest.mark.parametrize(("yields", "sentence", "reason"), FORGED, ids=[case[2] for case in FORGED])
def test_records_are_checked(
    yields: str, sentence: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(warc_file([("http://a.cn/1", "text/html", html_page().encode())] * 2))
    with changed_workers(tmp_path, CAPTURES.format(yields), monkeypatch):
        (error,) = captures_in(path, Limits(seconds=100, size=1 << 20))
    assert isinstance(error, UnreadableSource)
    assert sentence in error.en


def test_a_process_that_reads_has_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "PGPASSWORD", "GONGKAI_CATALOGUE", "GONGKAI_INDEX"):
        monkeypatch.setenv(name, "a-secret")
    process = WorkerProcess(PATIENT)
    environment = Path(f"/proc/{process._process.pid}/environ").read_bytes()
    process.end()
    assert b"PATH=" in environment and b"a-secret" not in environment


def test_a_process_that_was_killed_is_not_asked_again() -> None:
    """A page that is cancelled can end before its process does, which then waits for further work."""
    with worker(PATIENT) as process:
        pass
    process.kill()
    assert not process.is_alive
    with worker(PATIENT) as other:
        assert other is not process


def test_a_process_ends_by_itself_at_the_limit_of_time() -> None:
    """Also where the program, which has a clock of its own, does not look."""
    large = Limits(elements=10**7, paragraphs=10**7)
    process = WorkerProcess(replace(large, seconds=0.5))
    process.limits = replace(large, seconds=100_000)
    data = b"<html>" + b"<p>a</p>" * 400_000
    with pytest.raises(WorkerError) as raised:
        process.ask(ParsePage(source(), len(data)), data)
    process.end()
    assert raised.value.cause == "time"


def test_the_clock_stands_while_a_process_waits_for_the_program(tmp_path: Path) -> None:
    """The pages are larger than the pipe, and the program pauses for longer than the process may take for a page."""
    path = tmp_path / "a.warc"
    records = [(f"http://a.cn/{number}", "text/plain", b"1" * (1 << 20)) for number in range(2)]
    path.write_bytes(warc_file(records))
    program = (
        "import sys, time; from pathlib import Path; from archive.limits import Limits\n"
        "from archive.ingest.sources import captures_in\n"
        "captures = captures_in(Path(sys.argv[1]), Limits(seconds=30))\n"
        "print(type(next(captures)).__name__); time.sleep(31); print(type(next(captures)).__name__)"
    )
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == ["tuple"] * 2


# Searching a long line takes hours in one call of native code, which runs no Python thread meanwhile.
SLOW = """
import os, re, archive.readers.text

def slow(data):
    open(os.environ["STARTED"], "w").write(str(os.getpid()))
    re.match("(a*)*b", "a" * 60)

archive.readers.text.decode = slow
"""
OFFICE = '#!/bin/sh\nsleep 1000 &\necho $! > "$STARTED.new"\nmv "$STARTED.new" "$STARTED"\nwait\n'
PARSE_FOREVER = (
    "import sys; from archive.ingest.sandbox import parse_in_sandbox; from archive.limits import Limits\n"
    "from tests.archive.readers.documents import source\n"
    "parse_in_sandbox(bytes.fromhex(sys.argv[1]), source(), Limits(seconds=100000))"
)


SLOW_PAGES = [("一、概述".encode(), "native code"), (compound_file({"WordDocument": b"a"}), "a child of LibreOffice")]


@pytest.mark.parametrize(("page", "reason"), SLOW_PAGES, ids=[case[1] for case in SLOW_PAGES])
def test_processes_end_with_a_program_that_was_killed(page: bytes, reason: str, tmp_path: Path) -> None:
    started, temporary = tmp_path / "started", tmp_path / "tmp"
    temporary.mkdir()
    (tmp_path / "sitecustomize.py").write_text(SLOW, "utf-8")
    (tmp_path / "soffice").write_text(OFFICE.replace("$STARTED", str(started)), "utf-8")
    (tmp_path / "soffice").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "STARTED": str(started),
        "TMPDIR": str(temporary),
    }
    program = subprocess.Popen([sys.executable, "-c", PARSE_FOREVER, page.hex()], env=environment)  # noqa: S603
    reader = int(wait_for(started))
    assert is_running(reader)
    program.kill()
    assert program.wait() == -signal.SIGKILL
    wait_for_end(reader)
    assert [folder.name.split("-")[1] for folder in temporary.iterdir()] == [str(program.pid)]


def test_a_forked_copy_of_the_program_leaves_the_processes_alone() -> None:
    end_all()
    expected = parse_in_sandbox(PAGE, source(), PATIENT)
    (process,) = process_module._idle[PATIENT]
    child = os.fork()
    if child == 0:
        os._exit(1 if process_module._idle or process_module._running else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert parse_in_sandbox(PAGE, source(), PATIENT) == expected
    assert process_module._idle[PATIENT] == [process]
    end_all()


WORDS = [
    ("", "", "nothing"),
    ("first\nlast\n\n", "last", "the last line"),
    (
        "warning\nFatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n"
        '  File "a.py", line 3 in f\n  File "b.py", line 1 in g\n\nExtension modules: lxml (total: 1)\n',
        'Fatal Python error: Aborted; File "a.py", line 3 in f',
        "a fatal error and where it happened",
    ),
    ("a" * 1000, "a" * 300, "no more than a sentence"),
]


@pytest.mark.parametrize(("printed", "words", "reason"), WORDS, ids=[case[2] for case in WORDS])
def test_last_words(printed: str, words: str, reason: str) -> None:
    assert last_words(printed) == words


def _ended_process() -> int:
    with subprocess.Popen(["true"]) as ended:  # noqa: S607
        return ended.pid


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_folders_of_programs_that_have_ended_are_removed(
    temporary: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = tmp_path_factory.mktemp("elsewhere") / "kept.txt"
    kept.write_text("kept")
    dead = _ended_process()
    old = temporary / f"gongkai-{dead}-abcdefgh"
    old.mkdir()
    (old / "page.doc").write_text("a page")
    (old / "link").symlink_to(kept.parent)
    stay = {
        temporary / f"gongkai-{os.getpid()}-abcdefgh": "of a program that runs",
        temporary / f"gongkai-{dead}": "another name",
        temporary / f"gongkai-{dead}-abcdefgh.txt": "another name",
        temporary / f"other-{dead}-abcdefgh": "of another program",
        temporary / "gongkai-1-abcdefgh": "of the first process of the system",
    }
    for folder in stay:
        folder.mkdir()
    (temporary / f"gongkai-{dead}-aaaaaaaa").symlink_to(kept.parent)
    (temporary / f"gongkai-{dead}-bbbbbbbb").write_text("a file")
    sweep()
    names = {f"gongkai-{dead}-aaaaaaaa", f"gongkai-{dead}-bbbbbbbb", *(folder.name for folder in stay)}
    assert {path.name for path in temporary.iterdir()} == names
    assert kept.read_text() == "kept", "links are not followed"


def test_folders_of_another_user_stay(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = temporary / f"gongkai-{_ended_process()}-abcdefgh"
    folder.mkdir()
    user = os.geteuid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: user + 1)
        sweep()
    assert folder.exists()
    sweep()
    assert not folder.exists()


def test_the_first_process_of_a_program_removes_old_folders(temporary: Path) -> None:
    old = temporary / f"gongkai-{_ended_process()}-abcdefgh"
    old.mkdir()
    process_module._sweep_once.cache_clear()
    process = WorkerProcess(PATIENT)
    assert [path.name.split("-")[1] for path in temporary.iterdir()] == [str(os.getpid())]
    process.end()
    assert list(temporary.iterdir()) == []


def test_a_new_folder_is_for_its_owner_and_names_the_program(temporary: Path) -> None:
    folder = new_folder()
    assert folder.parent == temporary
    assert folder.name.startswith(f"gongkai-{os.getpid()}-")
    assert folder.stat().st_mode & 0o777 == 0o700
