"""Whose turn it is: one request at a time to a host, with a pause after each, and requests to a few hosts at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic


class _Host:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free = 0.0  # the time (of monotonic) from which on it may be asked again


class Turns:
    """The turns of all requests."""

    def __init__(self, at_once: int) -> None:
        """``at_once``: hosts that are asked at the same time."""
        self._hosts: dict[str, _Host] = {}
        self._asked = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def at(self, host: str, pause: float) -> AsyncIterator[None]:
        """Waits for a turn at a host, which has its peace for ``pause`` seconds after it."""
        held = self._hosts.setdefault(host, _Host())
        async with held.lock:
            await asyncio.sleep(held.free - monotonic())
            async with self._asked:
                try:
                    yield
                finally:
                    held.free = monotonic() + pause
