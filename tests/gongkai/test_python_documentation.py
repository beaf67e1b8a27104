"""The examples of docs/python.md print what the page shows, in both languages."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import load_command
from gongkai.cli.context import Context

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("corpus")
    for name, *arguments in (("add", str(ROOT / "corpus")), ("index",)):
        result = CliRunner().invoke(load_command(name), arguments, obj=Context(home, "zh"))
        assert result.exit_code == 0, result.output
    return home


@pytest.mark.parametrize("name", ["python.md", "python.zh.md"])
def test_the_examples_print_what_the_page_shows(
    corpus_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(corpus_home))
    blocks = re.findall(r"^```pycon\n(.*?)^```$", (ROOT / "docs" / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, name, 0)
    assert len(test.examples) > 10
    results = doctest.DocTestRunner().run(test)
    assert not results.failed, capsys.readouterr().out
