"""What a host asks of programs in its robots.txt, by the Robots Exclusion Protocol: https://www.rfc-editor.org/rfc/rfc9309"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rasad.sources.addresses import Fetched, FetchError

if TYPE_CHECKING:
    from protego import Protego

NAME = "Rasad"  #: under which a host may ask something of this program alone
KEPT = 24 * 3600  #: seconds for which what a host asks holds (RFC 9309, 2.4)
UNKNOWN = 600  #: seconds after which a host that did not tell is asked again
READ = 512 * 2**10  #: bytes that are looked at (RFC 9309, 2.5)
Fetch = Callable[[str], Awaitable[Fetched]]


class Rules:
    """What one host asks."""

    def __init__(self, text: str) -> None:
        """``text``: that of its robots.txt; empty where it has none."""
        from protego import Protego

        self._told: Protego = Protego.parse(text)

    def allows(self, address: str) -> bool:
        """Whether an address may be visited."""
        return bool(self._told.can_fetch(address, NAME))

    @property
    def pause(self) -> float:
        """Seconds to be left between two requests, a day at most; 0 where nothing is asked."""
        asked = self._told.request_rate(NAME)
        between = asked.seconds / asked.requests if asked and asked.requests else 0.0
        return min(max(self._told.crawl_delay(NAME) or 0.0, between), KEPT)


class Robots:
    """What every host asks, found out where it is not known."""

    def __init__(self, fetch: Fetch) -> None:
        """``fetch`` gets a robots.txt; it raises FetchError."""
        self._fetch = fetch
        self._known: dict[str, tuple[float, Rules | FetchError]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def rules(self, address: str) -> Rules:
        """What the host of an address asks. Raises FetchError where it does not tell, and so must not be visited: it cannot be
        reached, or has a fault of its own (RFC 9309, 2.3.1.4)."""
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(origin, asyncio.Lock()):
            until, known = self._known.get(origin, (0.0, None))
            if known is None or monotonic() > until:
                known = await self._found(origin)
                self._known[origin] = monotonic() + (KEPT if isinstance(known, Rules) else UNKNOWN), known
        if isinstance(known, Rules):
            return known
        if known.fault == "refused":
            raise known
        raise FetchError(known.fault, f"{known}; so nothing is visited there now", known.status, known.wait)

    async def _found(self, origin: str) -> Rules | FetchError:
        try:
            found = await self._fetch(f"{origin}/robots.txt")
        except FetchError as error:
            missing = error.status is not None and 400 <= error.status < 500 and error.status != 429
            return Rules("") if missing else error
        return Rules(found.data[:READ].decode("utf-8", "replace"))
