"""A cache with a limit on the size of its values: for results of an index, and for what the site reads and renders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

from cachetools import LRUCache

_Value = TypeVar("_Value")


class SizedCache(Generic[_Value]):
    """A least-recently-used cache that threads may share.

    Args:
        capacity: upper bound of the sum of the sizes of the cached values.
        size: returns the size of a value.
        recent: number of recent values that are kept whatever their size.
    """

    def __init__(self, capacity: int, size: Callable[[_Value], int] = lambda _: 1, recent: int = 0) -> None:
        self._caches = [LRUCache[Hashable, _Value](capacity, size), LRUCache[Hashable, _Value](recent)]
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """Returns the cached value, or makes and caches it. Two threads may make the same value at once."""
        value = self.find(key)
        if value is None:
            value = make()
            self.keep(key, value)
        return value

    def find(self, key: Hashable) -> _Value | None:
        with self._lock:
            return next((value for cache in self._caches if (value := cache.get(key)) is not None), None)

    def keep(self, key: Hashable, value: _Value) -> None:
        with self._lock:
            for cache in self._caches:
                with suppress(ValueError):  # larger than the whole cache
                    cache[key] = value
