"""What was made once of a state of the register is not made again: the same page is the same until something is added or decided."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from rasad.register import Register
from rasad.register.database import reading
from rasad.register.schema import passages, publications, reviews

LARGEST = 64 * 2**20  #: bytes held at most, by the sizes that are told

Version = tuple[int, int, int]


def version(register: Register) -> Version:
    """The state of a register, told by what only ever grows: what was printed, what was read, what was decided."""
    tables = (publications, passages, reviews)
    with reading(register.engine) as connection:
        found = connection.execute(select(*(select(func.max(t.c.id)).scalar_subquery() for t in tables))).one()
    return (found[0] or 0, found[1] or 0, found[2] or 0)


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
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made, size(made)
                self._size += self._held[key][1]
            while self._size > self._largest and len(self._held) > 1:
                self._size -= self._held.popitem(last=False)[1][1]
        return made
