"""What `source.toml` beside a page states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.errors import UnreadableSource
from archive.ingest.sources import captures_in
from archive.model import Source
from tests.archive.pages import prose_report

PAGE = "\n".join(prose_report("泉州市教育局", 2015))


def given(folder: Path, toml: str) -> Source:
    (folder / "page.txt").write_text(PAGE, "utf-8")
    (folder / "source.toml").write_text(toml, "utf-8")
    (capture,) = captures_in(folder / "page.txt")
    if isinstance(capture, UnreadableSource):
        raise capture
    assert isinstance(capture, tuple)
    return capture[1]


def test_every_key_is_read(tmp_path: Path) -> None:
    source = given(
        tmp_path,
        'page = "page.txt"\nurl = "http://a.cn/1"\nsite = "泉州市政府网"\nagency = "泉州市教育局"\n'
        "captured_on = 2020-01-31\nlegal = '''\na note\n'''",
    )
    assert (source.url, source.site, source.agency) == ("http://a.cn/1", "泉州市政府网", "泉州市教育局")
    assert source.captured_on == date(2020, 1, 31)


def test_another_page_is_not_described(tmp_path: Path) -> None:
    assert given(tmp_path, 'page = "other.txt"\nurl = "http://a.cn/1"').url is None


@pytest.mark.parametrize(
    ("line", "example", "reason"),
    [
        ('captured_on = "2020-01-31"', "captured_on = 2020-01-31", "a text was left out"),
        ("captured_on = 2020-01-31T10:00:00", "captured_on = 2020-01-31", "a time of day ended the reading process"),
        ("captured_on = 2020", "captured_on = 2020-01-31", "a number"),
        ("agency = 5", 'agency = "…"', "a number ended the reading process"),
        ('url = ["http://a.cn/1"]', 'url = "…"', "a list"),
        ('site = "a\\u0000"', 'site = "…"', "a character that PostgreSQL refuses"),
        ("page = 1", 'page = "…"', "a number is the name of no page"),
    ],
)
def test_a_value_of_another_type_is_refused(tmp_path: Path, line: str, example: str, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        given(tmp_path, line)
    path = tmp_path / "source.toml"
    assert caught.value.zh == f"{path} 中有一项应写作 {example}。请改正后重试。", reason
    assert caught.value.en == f"A line of {path} should have the form {example}. Correct it and try again."
