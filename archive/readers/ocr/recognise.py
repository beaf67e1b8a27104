"""Recognises lines of print with the models of rapidocr (PP-OCR), which one process loads once; nothing is fetched."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float32]

_HEIGHT = 48
"""Pixels of a line as the model takes it."""
_STEP = 32
"""Lines are padded to a multiple of this width, so that those of similar length are read together."""
_WIDEST = 3200
_BATCH = 8
# Characters that a model takes for a digit or a sign in a cell of numbers, by the one that is meant.
_ALIKE = {
    **dict.fromkeys("OoQD〇○。口°０", "0"),
    **dict.fromkeys("lI|丨!１", "1"),
    **dict.fromkeys("Zz２", "2"),
    **dict.fromkeys("３", "3"),
    **dict.fromkeys("４", "4"),
    **dict.fromkeys("Ss５", "5"),
    **dict.fromkeys("b６", "6"),
    **dict.fromkeys("７", "7"),
    **dict.fromkeys("B８", "8"),
    **dict.fromkeys("gq９", "9"),
    **dict.fromkeys("，", ","),
    **dict.fromkeys("．·", "."),
    **dict.fromkeys("一—–―－─−_", "—"),
    **dict.fromkeys("／", "/"),
}
VALUES = frozenset("0123456789.,-—/")
"""The characters of a cell of numbers."""
# A thin 0 is two strokes: '()', '(0)', '0)'. It can be another round digit, so that the arithmetic has to confirm it.
_STROKES = frozenset("()（）")
_ROUND = (("6", 0.02), ("8", 0.02), ("9", 0.02))
# Below this share a character is no possible reading of another.
_LEAST = 0.0005


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as read: its share of the probability, and what else a digit can be, with shares of theirs."""

    text: str
    share: float
    others: tuple[tuple[str, float], ...] = ()


Line = tuple[Glyph, ...]


def text_of(line: Line) -> str:
    return "".join(glyph.text for glyph in line)


def confidence_of(line: Line) -> float:
    """The share of the least certain character."""
    return min((glyph.share for glyph in line), default=0.0)


def recognise(lines: Sequence[Pixels]) -> list[Line]:
    """The characters of lines of print, each line a grey picture."""
    prepared = [_prepared(line) for line in lines]
    # a form has hundreds of cells with the same picture of 0
    keys = [each.tobytes() for each in prepared]
    distinct = dict(zip(keys, prepared, strict=True))
    order = sorted(distinct, key=lambda key: distinct[key].shape[1])
    found: dict[bytes, Line] = {}
    start = 0
    while start < len(order):
        width = distinct[order[start]].shape[1]
        batch = [key for key in order[start : start + _BATCH] if distinct[key].shape[1] == width]
        found |= zip(batch, _read([distinct[key] for key in batch]), strict=True)
        start += len(batch)
    return [found[key] for key in keys]


def as_number(line: Line) -> Line | None:
    """The line as one of a cell of numbers, None if it has a character that is part of no number."""
    glyphs = [
        Glyph(_ALIKE.get(glyph.text, glyph.text), glyph.share, glyph.others)
        for glyph in _joined_strokes(line)
        if glyph.text != " "
    ]
    return tuple(glyphs) if all(glyph.text in VALUES for glyph in glyphs) else None


def _joined_strokes(line: Line) -> Line:
    """A line of one digit with the strokes of a thin 0 as that digit."""
    strokes = [glyph for glyph in line if glyph.text in _STROKES]
    others = [glyph for glyph in line if glyph.text not in _STROKES and glyph.text != " "]
    if not strokes or len(others) > 1 or (others and _ALIKE.get(others[0].text, others[0].text) != "0"):
        return line
    return (Glyph("0", min(glyph.share for glyph in strokes) / 2, _ROUND),)


def _prepared(line: Pixels) -> NDArray[np.float32]:
    height, width = line.shape
    scaled = min(max(round(width * _HEIGHT / height), 8), _WIDEST)
    resized = cv2.resize(line, (scaled, _HEIGHT), interpolation=cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC)
    padded = np.full((_HEIGHT, -(-scaled // _STEP) * _STEP), 0.0, np.float32)
    padded[:, :scaled] = resized.astype(np.float32) / 127.5 - 1
    return padded


def _read(lines: Sequence[NDArray[np.float32]]) -> list[Line]:
    recogniser = _recogniser()
    batch = np.stack([np.repeat(line[np.newaxis], 3, axis=0) for line in lines])
    (shares,) = recogniser.session.run(None, {recogniser.input: batch})
    return [recogniser.line(each) for each in shares]


@dataclass(frozen=True, slots=True)
class _Recogniser:
    session: Any
    input: str
    characters: tuple[str, ...]
    values: tuple[tuple[str, tuple[int, ...]], ...]
    """Each character of a cell of numbers with the classes of all that look like it."""

    def line(self, shares: Probabilities) -> Line:
        """The most probable characters; the model gives one class for each step, 0 between characters."""
        best = shares.argmax(axis=1)
        glyphs = []
        for step, number in enumerate(best):
            if number == 0 or (step and number == best[step - 1]):
                continue
            run = step
            while run + 1 < len(best) and best[run + 1] == number:
                run += 1
            peak = step + int(shares[step : run + 1, number].argmax())
            glyphs.append(self._glyph(shares[peak], int(number)))
        return tuple(glyphs)

    def _glyph(self, shares: Probabilities, number: int) -> Glyph:
        text = self.characters[number]
        value = _ALIKE.get(text, text)
        if value not in VALUES:
            return Glyph(text, float(shares[number]))
        found = {each: float(shares[list(classes)].sum()) for each, classes in self.values}
        others = sorted(
            ((each, share) for each, share in found.items() if each != value and share >= _LEAST),
            key=lambda pair: -pair[1],
        )
        return Glyph(text, found[value], tuple(others))


@functools.cache
def _recogniser() -> _Recogniser:
    session = new_session("rec")
    listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    characters = ("", *listed, " ")
    meant: dict[str, list[int]] = {value: [] for value in sorted(VALUES)}
    for number, character in enumerate(characters):
        if (value := _ALIKE.get(character, character)) in meant:
            meant[value].append(number)
    values = tuple((value, tuple(numbers)) for value, numbers in meant.items() if numbers)
    return _Recogniser(session, session.get_inputs()[0].name, characters, values)


def model_file(task: str) -> Path:
    """The file of a model in the wheel of rapidocr, `det` or `rec`."""
    spec = importlib.util.find_spec("rapidocr")
    assert spec and spec.origin  # noqa: S101 (callers ask `ocr_is_installed` first)
    return sorted((Path(spec.origin).parent / "models").glob(f"*_{task}_*.onnx"))[-1]


def new_session(task: str) -> Any:
    """A model with one thread: other processes read other pages."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model_file(task)), options, providers=["CPUExecutionProvider"])
