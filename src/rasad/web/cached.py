"""What was made once of a state of the register is not made again: the same page is the same until something is added or decided."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool

LARGEST = 128 * 2**20  #: bytes held at most, by the sizes that are told


class Kept:
    """Answers by their keys, the latest used; those that were not asked for the longest go first. Safe among threads; two that ask
    for the same thing at once may both make it."""

    def __init__(self, largest: int = LARGEST) -> None:
        """``largest``: bytes in all."""
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self._largest = largest
        self._size = 0

    def get(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        """What stands under a key, made where it does not yet. ``size`` tells how many bytes it is."""
        if (found := self._find(key)) is not None:
            return found
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made, size(made)
                self._size += self._held[key][1]
            while self._size > self._largest and len(self._held) > 1:
                self._size -= self._held.popitem(last=False)[1][1]
        return made

    async def soon(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        """The same, at once where it was made; else made beside what else is done, so that nobody waits for a page that is there."""
        found = self._find(key)
        return found if found is not None else await run_in_threadpool(self.get, key, make, size)

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]
