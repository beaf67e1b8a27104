from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.alignment import NEAR, RUN, carried_over, partners, pieces, skeleton

LONG = "本机关坚持以公开为常态、不公开为例外,健全工作机制,规范工作流程。"
OTHER = "利用政务微博、微信公众号发布水情信息,并在政务大厅设置查阅点。"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("2017年公开1,112条", "2018年公开234条", "numbers and years"),
        ("二〇一七年公开", "二〇一八年公开", "years in Han"),
        ("二○一七年公开", "二〇一八年公开", "the circle that typists use for 〇"),
        ("重点(领域)", "重点（領域）", "width and script"),
        ("公开, 规范", "公开。规范", "punctuation"),
    ],
)
def test_the_skeleton_ignores_numbers_and_years(before: str, after: str, reason: str) -> None:
    assert skeleton(before) == skeleton(after), reason


@pytest.mark.parametrize(("one", "other"), [("同意公开", "不予公开"), ("一是健全", "二是健全")])
def test_the_skeleton_keeps_the_words(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("before", "after", "expected", "reason"),
    [
        ([["甲", "乙"]], [["甲", "乙"]], {0: 0, 1: 1}, "the same"),
        ([["甲", "乙"]], [["乙", "甲"]], {0: 1, 1: 0}, "different order"),
        ([["2017年0件"]], [["2018年4件"]], {0: 0}, "other numbers"),
        ([[LONG]], [[LONG.replace("规范", "优化")]], {0: 0}, "a word changed"),
        ([[LONG]], [[OTHER]], {}, "nothing in common"),
        ([["无。"], []], [[], ["无。"]], {0: 0}, "moved to another section unchanged"),
        ([[], ["无。"]], [["无。"], ["无。"]], {1: 0}, "its own section is preferred"),
        ([["无。", "无。"]], [["无。"]], {0: 0}, "twice before, once after: the first"),
        ([[LONG + "甲"], []], [[], [LONG + "乙"]], {0: 0}, "moved with a small change"),
        ([[LONG[:16] + OTHER[:6]], []], [[], [LONG[:16] + OTHER[-12:]]], {}, "moved with too many changes"),
        ([[]], [[]], {}, "no text"),
    ],
)
def test_partners(before: list[list[str]], after: list[list[str]], expected: dict[int, int], reason: str) -> None:
    assert partners(before, after) == expected, reason


@pytest.mark.parametrize(
    ("before", "after", "expected", "reason"),
    [
        ("2017年", "2018年", "[2017]{2018}年", "a number changes as a whole"),
        ("公开4件", "公开14件", "公开[4]{14}件", "a digit is not added inside a number"),
        ("甲乙丙丁", "甲乙丙丁", "甲乙丙丁", "nothing"),
        ("", "甲", "{甲}", "all new"),
        ("健全机制", "健全工作机制", "健全{工作}机制", "an insertion"),
        (
            "力度、广度和深度",
            "范围、质量和成效",
            "[力度、广度和深度]{范围、质量和成效}",
            "a mark between two changes is part of the change",
        ),
        ("（一）公开", "(一)公开", "(一)公开", "width is no change; the later text is kept"),
    ],
)
def test_pieces(before: str, after: str, expected: str, reason: str) -> None:
    signs = {"same": "{}", "dropped": "[{}]", "added": "{{{}}}"}
    assert "".join(signs[piece.kind].format(piece.text) for piece in pieces(before, after)) == expected, reason


@given(st.text("公开信息0123 a、。", max_size=40), st.text("公开信息0123 a、。", max_size=40))
def test_pieces_contain_both_texts(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "dropped") == after
    dropped = sum(len(piece.text) for piece in found if piece.kind != "added")
    assert dropped == len(before), "every character of the earlier text is the same or dropped"


@pytest.mark.parametrize(
    ("before", "after", "expected", "reason"),
    [
        ([LONG], [LONG], 1.0, "the same"),
        ([LONG], [OTHER], 0.0, "nothing is carried over"),
        (
            [LONG + "2017年"],
            ["2018年" + LONG],
            1 - 2 / (len(skeleton(LONG)) + 2),
            "the changed year is two characters",
        ),
        ([LONG, OTHER], [LONG + OTHER], 1.0, "two paragraphs joined"),
        ([LONG + OTHER], [LONG, OTHER], 1.0, "one paragraph divided"),
        (["无。"], ["无。"], 1.0, "a short paragraph, whole"),
        (["无其他事项。"], ["无。"], 0.0, "a short paragraph, in part"),
        ([LONG[: RUN - 2]], [LONG[: RUN - 2] + OTHER], 0.0, "an idiom is not carried over"),
    ],
)
def test_carried_over(before: list[str], after: list[str], expected: float, reason: str) -> None:
    carried, total = carried_over(before, after)
    assert carried / total == pytest.approx(expected), reason


@given(
    st.lists(st.text("公开信息甲乙丙丁", min_size=1, max_size=30)), st.lists(st.text("公开信息甲乙丙丁", min_size=1))
)
def test_the_carried_share_is_between_0_and_1(before: list[str], after: list[str]) -> None:
    carried, total = carried_over(before, after)
    assert 0 <= carried <= total == sum(len(skeleton(text)) for text in after)
    assert carried_over(after, after) == (total, total)


def test_each_paragraph_is_compared_with_few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of comparisons is bounded, however many paragraphs have no partner."""
    compared = 0

    def ratio(_one: str, _other: str, *, score_cutoff: float) -> float:
        nonlocal compared
        compared += 1
        return 0.0 * score_cutoff

    monkeypatch.setattr("archive.analysis.alignment.fuzz.ratio", ratio)
    size = 500
    partners([[f"甲{'乙' * n}" for n in range(size)]], [[f"丙{'丁' * n}" for n in range(size)]])
    assert compared <= 2 * size * (2 * NEAR + 1)
