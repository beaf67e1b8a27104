"""What was worked out once and may be asked again: an index never changes, so an answer of it holds as long as it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class SizedCache(Generic[_Value]):
    """The values asked for last, as many as there is room for; threads may share it."""

    def __init__(self, room: int, size: Callable[[_Value], int] = lambda _: 1, fewest: int = 0) -> None:
        """Sets aside the room.

        Args:
            room: what the sizes of the values may add up to.
            size: the size of one.
            fewest: values that are remembered however large they are.
        """
        self._room, self._size, self._fewest = room, size, fewest
        self._values: OrderedDict[Hashable, _Value] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """The value of a key, made when it is not remembered. Two threads may make the same one at the same time."""
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def find(self, key: Hashable) -> _Value | None:
        """The value of a key, None when it is not remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Hashable, made: _Value) -> None:
        """Remembers the value of a key, if nobody did meanwhile."""
        with self._lock:
            if key not in self._values:
                self._values[key] = made
                self._used += self._size(made)
            while self._used > self._room and len(self._values) > self._fewest:
                _, dropped = self._values.popitem(last=False)
                self._used -= self._size(dropped)
