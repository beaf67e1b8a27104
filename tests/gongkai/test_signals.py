"""SIGTERM and SIGHUP end a command with 128 + n, its processes, and its temporary folders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import gongkai.cli
from gongkai.cli import COMMANDS
from gongkai.cli.signals import exit_on_signals
from tests.archive.ingest.workers import wait_for, wait_for_end

BOTH = [signal.SIGTERM, signal.SIGHUP]
# Reading does not end by itself.
SLOW = (
    "import os, time, archive.readers.text\ndef slow(data):\n"
    "    open(os.environ['STARTED'] + '.new', 'w').write(str(os.getpid()))\n"
    "    os.rename(os.environ['STARTED'] + '.new', os.environ['STARTED'])\n    time.sleep(10000)\n"
    "archive.readers.text.decode = slow\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("number", BOTH)
@pytest.mark.parametrize("command", ["add", "read"])
def test_a_signal_ends_a_command_and_what_it_started(command: str, number: signal.Signals, tmp_path: Path) -> None:
    started, temporary, page = tmp_path / "started", tmp_path / "tmp", tmp_path / "page.txt"
    temporary.mkdir()
    page.write_text("一、概述", "utf-8")
    (tmp_path / "sitecustomize.py").write_text(SLOW, "utf-8")
    environment = {
        **os.environ,
        "GONGKAI_HOME": str(tmp_path / "home"),
        "GONGKAI_READ_SECONDS": "100000",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "STARTED": str(started),
        "TMPDIR": str(temporary),
    }
    program = subprocess.Popen([sys.executable, "-m", "gongkai", command, page], env=environment)  # noqa: S603
    reader = int(wait_for(started))
    program.send_signal(number)
    assert program.wait() == 128 + number
    wait_for_end(reader)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", BOTH)
def test_code_that_handles_the_exit_itself_ends_with_the_same_status(number: signal.Signals) -> None:
    """As waitress does for `gongkai serve`."""
    cleaned = []
    with pytest.raises(SystemExit) as raised, exit_on_signals():
        try:
            signal.raise_signal(number)
        except SystemExit:
            cleaned.append(signal.getsignal(number))
    assert raised.value.code == 128 + number
    assert cleaned == [signal.SIG_DFL], "a second signal ends the program at once"
    assert signal.getsignal(number) is signal.SIG_DFL


@pytest.mark.parametrize("before", [signal.SIG_IGN, lambda *_: None], ids=["nohup", "handled by the caller"])
def test_a_handler_of_the_caller_stays(before: signal.Handlers) -> None:
    standard = signal.signal(signal.SIGHUP, before)
    try:
        with exit_on_signals():
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is before
    finally:
        signal.signal(signal.SIGHUP, standard)


def test_every_command_runs_with_the_handlers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = {}

    def probe(name: str) -> click.Command:
        return click.Command(name, callback=lambda: seen.update({name: signal.getsignal(signal.SIGTERM)}))

    monkeypatch.setattr(gongkai.cli, "load_command", probe)
    for name in COMMANDS:
        assert CliRunner().invoke(gongkai.cli.main, ["--home", str(tmp_path), name]).exit_code == 0
    assert seen.keys() == COMMANDS.keys()
    assert signal.SIG_DFL not in seen.values()
