"""What is to be visited when, host by host: of one host one thing at a time, in turn what announces texts and what is announced."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")
_Heap = list[tuple[float, int, T]]


class _Host(Generic[T]):
    def __init__(self) -> None:
        self.queues: dict[type, _Heap[T]] = {}  # that from which something was taken last is the last
        self.busy = False
        self.held = 0.0

    def due(self) -> float:
        """When the next thing is due."""
        return max(self.held, min(queue[0][0] for queue in self.queues.values() if queue))


class Agenda(Generic[T]):
    """Things to visit; those of one type take turns with those of another. Times are seconds, all of one clock."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host[T]] = {}
        self._order = count()

    def add(self, host: str, due: float, item: T) -> None:
        """Puts something on the agenda."""
        held = self._hosts.setdefault(host, _Host())
        heappush(held.queues.setdefault(type(item), []), (due, next(self._order), item))

    def take(self, now: float) -> T | None:
        """What is due at a host where nobody is; somebody is there then until :meth:`leave`. None where nothing is."""
        ready = min(((one.due(), host) for host, one in self._free() if one.due() <= now), default=None)
        if ready is None:
            return None
        host = self._hosts[ready[1]]
        host.busy = True
        kind = next(kind for kind, queue in host.queues.items() if queue and queue[0][0] <= now)
        host.queues[kind] = queue = host.queues.pop(kind)
        return heappop(queue)[2]

    def leave(self, host: str) -> None:
        """Nobody is at a host any more."""
        self._hosts[host].busy = False

    def hold(self, host: str, until: float) -> None:
        """Leaves a host alone until a time."""
        held = self._hosts.setdefault(host, _Host())
        held.held = max(held.held, until)

    def pause(self, now: float) -> float | None:
        """Seconds until something is due at a host where nobody is; None where nothing will be."""
        soonest = min((one.due() for _, one in self._free()), default=None)
        return None if soonest is None else max(0.0, soonest - now)

    def held(self, now: float) -> Iterator[T]:
        """What would be due if its host were not to be left alone."""
        for host in self._hosts.values():
            if host.held > now:
                yield from (item for queue in host.queues.values() for due, _, item in queue if due <= now)

    def _free(self) -> Iterator[tuple[str, _Host[T]]]:
        return ((host, one) for host, one in self._hosts.items() if not one.busy and any(one.queues.values()))
