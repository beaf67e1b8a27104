"""Shows the progress of a long export on stderr: a bar on a terminal, a line now and then in a pipe or a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from gongkai.cli.context import Context

_T = TypeVar("_T")
MANY = 2_000
"""Items from which on progress is shown."""
INTERVAL = 10.0
"""Seconds between two lines."""


def with_progress(items: Iterable[_T], length: int, context: Context) -> Iterator[_T]:
    """Yields the items; `length` is their number."""
    if length < MANY:
        yield from items
    elif sys.stderr.isatty():
        label = context.say("正在导出", "Exporting")
        with click.progressbar(items, length, label, file=sys.stderr, show_pos=True, update_min_steps=200) as bar:
            yield from bar
    else:
        told = time.monotonic()
        for number, item in enumerate(items):
            if time.monotonic() - told >= INTERVAL:
                told = time.monotonic()
                click.echo(
                    context.say(f"已导出 {number:,}／{length:,}", f"Exported {number:,} of {length:,}"), err=True
                )
            yield item
