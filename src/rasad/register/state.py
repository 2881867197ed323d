"""The state of a register, and what is made once of each: it is the same until something is added or decided."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from rasad.register.database import reading
from rasad.register.schema import passages, publications, reviews

if TYPE_CHECKING:
    from rasad.register import Register

Version = tuple[int, int, int]
T = TypeVar("T")


def version(register: Register) -> Version:
    """The state of a register, told by what only ever grows: what was printed, what was read, what was decided."""
    tables = (publications, passages, reviews)
    with reading(register.engine) as connection:
        found = connection.execute(select(*(select(func.max(t.c.id)).scalar_subquery() for t in tables))).one()
    return (found[0] or 0, found[1] or 0, found[2] or 0)


def read(register: Register) -> tuple[int, int]:
    """The state of what was read, whatever was decided."""
    return version(register)[:2]


class Once(Generic[T]):
    """An answer that takes a whole register, made once for each state of it; who asks while it is made waits for it."""

    def __init__(self, make: Callable[[Any], T], state: Callable[[Register], Hashable] = version) -> None:
        """``state`` tells when what was made holds no more."""
        self._make = make
        self._state = state
        self._held: WeakKeyDictionary[Register, tuple[Hashable, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def __call__(self, register: Register) -> T:
        """The answer of a register."""
        state = self._state(register)
        with self._lock:
            held = self._held.get(register)
            if held is None or held[0] != state:
                held = self._held[register] = (state, self._make(register))
            return held[1]
