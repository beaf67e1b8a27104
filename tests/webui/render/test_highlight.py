"""Text with marked spans as HTML."""

from __future__ import annotations

import pytest

from webui.render.highlight import marked


@pytest.mark.parametrize(
    ("text", "spans", "html"),
    [
        ("<保密>", [(1, 3)], "&lt;<mark>保密</mark>&gt;"),
        ("甲乙丙", [(0, 2), (1, 3)], "<mark>甲乙丙</mark>"),
        ("甲乙", [], "甲乙"),
        ("甲乙", [(1, 2), (0, 1)], "<mark>甲</mark><mark>乙</mark>"),
        ("𠮷甲", [(1, 2)], "𠮷<mark>甲</mark>"),
    ],
    ids=["escaped", "overlapping spans are one mark", "none", "in any order", "code points, not UTF-16"],
)
def test_marks(text: str, spans: list[tuple[int, int]], html: str) -> None:
    assert str(marked(text, spans)) == html
