"""Collocates against the truth: windows, counts, scores and the lines behind each count, by hand and generated."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Report
from indexer.answers.collocates import SIDES, CollocateFilter, CollocateOptions, Collocates, Window
from indexer.answers.engine import Engine
from indexer.engines.whoosh.build import build as whoosh_build
from indexer.engines.whoosh.build import shards
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import Index, open_index
from indexer.query.ast import And, Query, Scope, scope_of
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.text.tokenizer import Tokenizer, is_word
from tests.conformance.queries import queries, typed
from tests.conformance.reports import AGENCIES, CITY, PLACES, REPORTS, make_report
from tests.conformance.test_generated import LIMITS, QUERIES, SLOW, SMALL, UNLISTED, archives
from tests.conformance.truth import Span, Truth, has_text

pytestmark = pytest.mark.slow

WINDOWS = st.builds(Window, st.sampled_from([1, 1, 2, 3, 5, 10]), st.sampled_from(SIDES))
EVERY = 1_000_000


@dataclass
class Counted:
    """What plain loops count: the words of all texts and of all windows by year, and the lines of each word."""

    texts: dict[int | None, Counter[str]]
    near: dict[int | None, Counter[str]]
    lines: dict[str, Counter[tuple[str, str]]]
    occurrences: int


def words_of(words: Tokenizer, form: str) -> Iterator[tuple[int, int, str]]:
    """The bounds of each word, and the word."""
    end = 0
    for piece in words.cut(form):
        start, end = end, end + len(piece)
        if is_word(piece):
            yield start, end, piece


def is_near(text: str, word: Span, span: Span, between: int, window: Window) -> bool:
    """Whether a word is so few words away from a span, on the side, with no end of a sentence between them."""
    if word[1] <= span[0]:
        side, gap = "left", text[word[0] : span[0]]
    elif span[1] <= word[0]:
        side, gap = "right", text[span[1] - 1 : word[0]]
    else:
        return False
    return window.side in ("both", side) and between < window.size and not any(mark in gap for mark in "\n。！!？?")


def conjuncts(part: Query) -> Iterator[Query]:
    """The parts that all have to match; parentheses around some of them change nothing."""
    if isinstance(part, And):
        for each in part.parts:
            yield from conjuncts(each)
    else:
        yield part


def count(truth: Truth, tree: Scope, request: Request, window: Window) -> Counted:
    """Every word of every text against every span."""
    fields = Scope(And(tuple(part for part in conjuncts(tree.part) if not has_text(part))), tree.where, tree.unit)
    filters = restrictions(request)
    counted = Counted({}, {}, {}, 0)
    matching = {row.address for row in truth.sections(tree, filters)}
    for row in truth.sections(fields, filters):
        form, text = row.form(tree.where), row.text(tree.where)
        spans = sorted(truth.spans(tree, form)) if row.address in matching else []
        counted.occurrences += len(spans)
        words = [*words_of(truth.words, form)]
        counted.texts.setdefault(row.report.year, Counter()).update(word for *_, word in words)
        for number, (start, end, word) in enumerate(words):
            for span in spans:
                others = words[:number] if span[1] <= start else words[number + 1 :]
                between = sum(min(end, span[1]) <= a and b <= max(start, span[0]) for a, b, _ in others)
                if is_near(text, (start, end), span, between, window):
                    counted.near.setdefault(row.report.year, Counter())[word] += 1
                    counted.lines.setdefault(word, Counter())[row.address, text[start:end]] += 1
                    break
    return counted


def expected(count: Counter[str], texts: Counter[str], word: str) -> float:
    return count.total() * texts[word] / texts.total()


def log_likelihood(near: Counter[str], texts: Counter[str], word: str) -> float:
    """Dunning (1993), cell by cell."""
    rows = (texts[word], texts.total() - texts[word])
    columns = (near.total(), texts.total() - near.total())
    cells = [[near[word], texts[word] - near[word]], [near.total() - near[word], 0]]
    cells[1][1] = rows[1] - cells[1][0]
    score = 2 * sum(
        cell * math.log(cell * texts.total() / (rows[i] * columns[j]))
        for i, row in enumerate(cells)
        for j, cell in enumerate(row)
        if cell
    )
    return score if near[word] >= expected(near, texts, word) else -score


def agree(engine: Engine, truth: Truth, request: Request, tree: Query, window: Window) -> Collocates:
    """Asks an engine and the truth for all words; returns the answer, on which they agree."""
    scope = scope_of(tree)
    by_hand = count(truth, scope, request, window)
    near, texts = (sum(each.values(), Counter[str]()) for each in (by_hand.near, by_hand.texts))
    answer = engine.collocates(request, CollocateOptions(window, "count", EVERY, by_year=True))
    assert {word.word: word.observed for word in answer.words} == dict(near)
    if not has_text(tree):
        assert not answer.has_text
        return answer
    assert (answer.occurrences, answer.window_words) == (by_hand.occurrences, near.total())
    assert answer.all_words == (texts.total() if by_hand.occurrences else 0)
    for word in answer.words:
        assert word.frequency == texts[word.word]
        assert word.expected == pytest.approx(expected(near, texts, word.word), abs=0.006)
        assert word.score == pytest.approx(log_likelihood(near, texts, word.word), abs=0.006)
        assert {year.year: year.observed for year in word.years} == {
            year: by_hand.near.get(year, {}).get(word.word, 0) for year, counts in by_hand.texts.items() if counts
        }
        for year in word.years:
            of_year = by_hand.near.get(year.year, Counter[str]()), by_hand.texts[year.year]
            assert year.expected == pytest.approx(expected(*of_year, word.word), abs=0.006)
            assert year.score == pytest.approx(log_likelihood(*of_year, word.word), abs=0.006)
    for word in answer.words[:4]:  # the concordance behind the number
        listed = engine.concordance(request, width=1, collocate=CollocateFilter(word.word, window))
        assert listed.total == word.observed
        assert Counter((line.url, line.hit) for line in listed) == by_hand.lines[word.word]
    for side, adjacent in (("left", answer.left), ("right", answer.right)):
        beside = count(truth, scope, request, Window(1, side)).near  # type: ignore[arg-type]  # a literal
        counts = sum(beside.values(), Counter[str]())
        assert [word.count for word in adjacent] == sorted(counts.values(), reverse=True)[:20]
        assert all(counts[word.word] == word.count for word in adjacent)
    return answer


BY_HAND = [
    ("each side, punctuation is no word", ["甲方,收到申请后,答复乙方。"], '"申请"', Window(1), "收到 后"),
    ("two words on the left", ["机关及时答复申请。"], '"申请"', Window(2, "left"), "及时 答复"),
    ("two words on the right", ["公开信息数量较多。"], '"公开"', Window(2, "right"), "信息 数量"),
    ("at the beginning of the text there is no left", ["申请数量较多。"], '"申请"', Window(3, "left"), ""),
    ("at the end of the text there is no right", ["收到申请"], '"申请"', Window(3, "right"), ""),
    ("not beyond a full stop", ["答复及时。申请数量。公开信息"], '"申请"', Window(5), "数量"),
    ("not beyond ！ and ？", ["答复！申请？公开"], '"申请"', Window(5), ""),
    ("not beyond a paragraph", ["答复", "申请", "公开"], '"申请"', Window(5), ""),
    ("beyond a comma and a semicolon", ["答复，申请；公开"], '"申请"', Window(1), "答复 公开"),
    ("a phrase that ends a sentence has no right", ["收到申请。公开信息"], '"申请。"', Window(2), "收到"),
    ("a phrase over two sentences", ["收到申请。公开信息"], '"申请。公开"', Window(2), "收到 信息"),
    ("the words of the phrase are not beside it", ["收到申请公开"], '"收到申请"', Window(5), "公开"),
    ("nor is a word that the phrase cuts", ["收到政府信息公开，申请"], '"信息"', Window(5), "收到 申请"),
    ("the same word twice in one window", ["答复申请答复"], '"申请"', Window(1), "答复 答复"),
    ("a word between two occurrences once", ["申请答复申请"], '"申请"', Window(1), "答复"),
    ("an occurrence near another one", ["申请答复申请"], '"申请"', Window(2), "答复 申请 申请"),
    ("occurrences that follow one another", ["申请申请"], '"申请"', Window(1), "申请 申请"),
    ("occurrences of two phrases overlap", ["收到申请公开"], '"收到申请" OR "申请公开"', Window(1), "收到 公开"),
    ("a whole word", ["公开政府信息"], "word:政府", Window(1), "公开 信息"),
    ("a phrase with a gap", ["机关收到3件申请公开"], '"收到*申请"', Window(1), "机关 公开"),
    ("characters of two units", ["𠮷先生申请𠮷"], '"申请"', Window(2), "𠮷 先生 𠮷"),
]


@pytest.mark.parametrize("reason, paragraphs, query, window, words", BY_HAND, ids=[row[0] for row in BY_HAND])
def test_a_window(reason: str, paragraphs: list[str], query: str, window: Window, words: str, tmp_path: Path) -> None:
    reports = [make_report(CITY, "临水市城市管理局", 2016, [("overview", None, paragraphs)])]
    build_index(tmp_path, reports, AGENCIES, 1)
    truth = Truth(reports, AGENCIES, Tokenizer(), PLACES)
    answer = agree(open_index(tmp_path), truth, Request(query), parse(query), window)
    assert Counter({word.word: word.observed for word in answer.words}) == Counter(words.split())


@pytest.mark.parametrize(
    "reason, query, filters",
    [
        ("running text", "公开", {}),
        ("table cells", "微博 in:tables", {}),
        ("both", "微博 in:all", {}),
        ("filters limit the texts that are compared", "公开", {"year": ("2014", "2016")}),
        ("and so do fields in the query", "公开 year:2014..2016 agency:临水", {}),
        ("and conditions of whole reports", "公开 requests.new.total>10 unit:report", {}),
        ("but not what is excluded by its text", "公开 NOT 微博", {}),
        ("near", "微博 NEAR/10 微信", {}),
        ("nothing found", '"火星"', {}),
        ("nothing to find", "year:2014", {}),
    ],
)
@pytest.mark.parametrize("window", [Window(), Window(2, "left"), Window(10, "right")])
def test_a_query(
    reason: str, query: str, filters: dict[str, tuple[str, ...]], window: Window, engine: Engine, truth: Truth
) -> None:
    agree(engine, truth, Request(query, filters=filters), parse(query), window)


def test_orders_list_what_is_attracted_and_repelled(engine: Engine) -> None:
    def words(order: str, most: int = EVERY) -> Collocates:
        return engine.collocates(Request('"公开"'), CollocateOptions(Window(3), order, most))  # type: ignore[arg-type]

    attracted, repelled = words("attracted"), words("repelled")
    scores = [word.score for word in attracted.words]
    assert scores == sorted(scores, reverse=True) and all(word.observed > word.expected for word in attracted.words)
    scores = [word.score for word in repelled.words]
    assert scores == sorted(scores) and all(word.observed < word.expected for word in repelled.words)
    assert any(word.observed == 0 for word in repelled.words), "a word that is never near is repelled most"
    assert words("attracted", 3).words == attracted.words[:3]
    assert words("attracted", 3).total == len(attracted.words) == attracted.total


def test_log_ratio_is_the_binary_logarithm_of_two_shares(engine: Engine) -> None:
    answer = engine.collocates(Request('"公开"'), CollocateOptions(Window(3), "count", EVERY))
    outside = answer.all_words - answer.window_words
    for word in answer.words:
        shares = word.observed / answer.window_words, (word.frequency - word.observed or 0.5) / outside
        assert word.log_ratio == pytest.approx(math.log2(shares[0] / shares[1]), abs=0.006)


@pytest.mark.slow
@settings(max_examples=QUERIES, deadline=None, suppress_health_check=SLOW)
@given(drawn=st.data(), tree=queries(REPORTS, SMALL), window=WINDOWS)
def test_generated_queries(engine: Engine, truth: Truth, drawn: st.DataObject, tree: Query, window: Window) -> None:
    agree(engine, truth, Request(drawn.draw(typed(tree))), tree, window)


@pytest.mark.slow
@settings(max_examples=max(QUERIES // 10, 1), deadline=None, suppress_health_check=SLOW)
@given(archive=archives, drawn=st.data(), limits=LIMITS)
def test_generated_archives(archive: list[Report], drawn: st.DataObject, limits: tuple[int, int]) -> None:
    known = [agency for agency in AGENCIES if agency.id in {report.agency for report in archive}]
    unlisted = {report.agency: UNLISTED[report.agency_name or ""] for report in reversed(archive)}
    places = unlisted | {agency.id: PLACES[agency.id] for agency in known}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("MEAN", "MOST"), limits, strict=True):
            patch.setattr(shards, name, limit)
        patch.setattr(whoosh_build, "CORES", 1)
        build_index(Path(folder), archive, known, 1)
        engine, truth = Index(Path(folder)).current(), Truth(archive, known, Tokenizer(), places)
        for tree in drawn.draw(st.lists(queries(archive, SMALL), min_size=1, max_size=6)):
            agree(engine, truth, Request(drawn.draw(typed(tree))), tree, drawn.draw(WINDOWS))
