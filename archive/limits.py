"""Limits for reading one page, as settings of all readers, and caches of bounded size."""

from __future__ import annotations

import functools
import inspect
import os
import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from archive.errors import LimitExceeded

_Rest = ParamSpec("_Rest")
_Value = TypeVar("_Value")
_Function = Callable[Concatenate[str, _Rest], _Value]

_MEGABYTE = 1 << 20
_MOST_SECONDS, _MOST_UNITS = 86_400.0, 1e9
"""No limit is larger: the system takes no longer time-out than three weeks, and no size of 64 bits or more."""
_LONGEST_KEY = 100
"""Characters: more than a name, a word or the label of a form has. A page may hold lines of millions."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one page. Sizes are in bytes."""

    seconds: float = 10.0
    """From the first byte received to the end of the answer; from one record of a container to the next."""
    memory: int = 1024 * _MEGABYTE
    """Address space of the process that reads, and of LibreOffice where it helps."""
    size: int = 200 * _MEGABYTE
    """A page as stored, or as a record of a WARC; all files of a zip together, by declared and by actual size."""
    in_flight: int = 400 * _MEGABYTE
    """All pages together that wait to be read or added; a larger page waits alone."""
    members: int = 5_000
    """Files in a zip."""
    paragraphs: int = 12_500
    """Paragraphs and tables of a page, or lines of its text; the longest known page has 600."""
    elements: int = 50_000
    """Elements of an HTML page, counted before a tree is built of them; the largest known page has 1,900."""
    cells: int = 60_000
    """Table cells of a page; the longest known page has 1,700."""
    reports: int = 1_000
    """Reports on a page."""
    ocr_memory: int = 1024 * _MEGABYTE
    """Address space beside `memory` for the models of OCR, once they are loaded."""
    ocr_seconds: float = 300.0
    """For all pictures of a page; `seconds` is then the limit from one part of a picture to the next."""
    pixels: int = 40_000_000
    """Pixels of a picture that OCR reads; A4 at 300 dpi has 9 million."""
    pictures: int = 40
    """Pictures and scanned sheets of a page that OCR reads."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """The limits with those that environment variables set (`_SETTINGS`).

        A value that is no positive number is left out, so that a typing error removes no limit.
        """
        given: dict[str, Any] = {}
        for name, (field, unit) in _SETTINGS.items():
            if value := _positive(environment.get(name)):
                given[field] = type(unit)(
                    min(value, _MOST_SECONDS if field.endswith("seconds") else _MOST_UNITS) * unit
                )
        return cls(**given)

    def to_environment(self) -> dict[str, str]:
        """The settings from which `from_environment` returns the same limits."""
        return {name: str(getattr(self, field) / unit) for name, (field, unit) in _SETTINGS.items()}

    def too_large(self, name: str) -> LimitExceeded:
        """The sentence for a page that is larger than it may be."""
        most = self.size >> 20
        return LimitExceeded(
            f"{name} 超过 {most} MB，没有读。可设 GONGKAI_READ_SIZE（MB）放宽。",
            f"{name} is larger than {most} MB and was not read. Set GONGKAI_READ_SIZE (in MB) to allow more.",
        )

    def too_slow(self, name: str) -> LimitExceeded:
        """The sentence for a page whose pictures take too long."""
        return LimitExceeded(
            f"识别 {name} 中的图片超过 {self.ocr_seconds:g} 秒，已停止。可设 GONGKAI_READ_OCR_SECONDS 放宽。",
            f"Recognising the pictures of {name} took more than {self.ocr_seconds:g} seconds and was stopped. "
            "Set GONGKAI_READ_OCR_SECONDS to allow more.",
        )

    def check(self, name: str, *, elements: int = 0, paragraphs: int = 0, cells: int = 0, reports: int = 0) -> None:
        """Raises `LimitExceeded` for a page with more parts than it may have."""
        for count, most, zh, en, setting in (
            (elements, self.elements, " HTML 元素", "HTML elements", "GONGKAI_READ_ELEMENTS"),
            (paragraphs, self.paragraphs, "段落和表格", "paragraphs and tables", "GONGKAI_READ_PARAGRAPHS"),
            (cells, self.cells, "表格单元格", "table cells", "GONGKAI_READ_CELLS"),
            (reports, self.reports, "报告", "reports", "GONGKAI_READ_REPORTS"),
        ):
            if count > most:
                raise LimitExceeded(
                    f"{name} 的{zh}超过 {most} 个，没有读。可设 {setting} 放宽。",
                    f"{name} has more than {most} {en} and was not read. Set {setting} to allow more.",
                )


_SETTINGS: Mapping[str, tuple[str, float]] = {
    "GONGKAI_READ_SECONDS": ("seconds", 1.0),
    "GONGKAI_READ_MEMORY": ("memory", _MEGABYTE),
    "GONGKAI_READ_SIZE": ("size", _MEGABYTE),
    "GONGKAI_READ_IN_FLIGHT": ("in_flight", _MEGABYTE),
    "GONGKAI_READ_PARAGRAPHS": ("paragraphs", 1),
    "GONGKAI_READ_ELEMENTS": ("elements", 1),
    "GONGKAI_READ_CELLS": ("cells", 1),
    "GONGKAI_READ_REPORTS": ("reports", 1),
    "GONGKAI_READ_OCR_MEMORY": ("ocr_memory", _MEGABYTE),
    "GONGKAI_READ_OCR_SECONDS": ("ocr_seconds", 1.0),
    "GONGKAI_READ_PIXELS": ("pixels", 1_000_000),
    "GONGKAI_READ_PICTURES": ("pictures", 1),
}
"""The field of each variable, and its unit: a float for seconds, an int for megabytes."""


_progress: list[Callable[[], None]] = []


def on_progress(call: Callable[[], None]) -> None:
    """Sets what OCR calls between two parts of a picture: the process that reads restarts its clock."""
    _progress[:] = [call]


def report_progress() -> None:
    """Tells that a part of a picture is read."""
    for call in _progress:
        call()


def _positive(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def allow_ocr_memory() -> None:
    """Raises the limit of this process to the one that it was started with for OCR."""
    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    if limit != most and limit != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def bounded_cache(
    entries: int, longest: int = _LONGEST_KEY
) -> Callable[[_Function[_Rest, _Value]], _Function[_Rest, _Value]]:
    """Decorates a function of a text. Values of texts of at most `longest` characters are cached."""

    def decorate(function: _Function[_Rest, _Value]) -> _Function[_Rest, _Value]:
        cached = functools.lru_cache(maxsize=entries)(function)

        def call(text: str, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Value:
            return (cached if len(text) <= longest else function)(text, *rest, **named)

        def call_alone(text: str, /) -> _Value:  # in half the time: a page has thousands of such calls
            return cached(text) if len(text) <= longest else function(text)  # type: ignore[call-arg]

        alone = len(inspect.signature(function).parameters) == 1
        decorated = functools.wraps(function)(call_alone if alone else call)
        vars(decorated).update(cache_clear=cached.cache_clear, cache_info=cached.cache_info)
        return cast("_Function[_Rest, _Value]", decorated)

    return decorate


LIMITS = Limits.from_environment(os.environ)
