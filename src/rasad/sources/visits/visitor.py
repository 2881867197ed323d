"""Who visits: asks as robots.txt allows, in turn, and says who is asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

import msgspec

from rasad.sources.addresses import Asking, Fetched, FetchError, Limits, fetch
from rasad.sources.feeds import FEED, SITEMAP
from rasad.sources.visits.plan import Kind, Plan
from rasad.sources.visits.robots import Robots
from rasad.sources.visits.turns import Turns

SECONDS = 30.0  #: for one visit, without what is waited for
_FEEDS = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class Visitor:
    """Fetches what a plan names, politely."""

    def __init__(self, plan: Plan, seconds: float = SECONDS) -> None:
        """To be made where the visits run: it holds locks of the running loop."""
        agent = f"Rasad/{version('rasad')} (+{plan.contact})"
        self._rate = plan.rate
        self._page = Asking(agent=agent)
        self._any = Asking(agent=agent, accept=_FEEDS, types=None)
        self._limits = Limits(seconds=seconds, private=plan.private)
        self._turns = Turns(plan.hosts)
        self._robots = Robots(self._told_by_host)

    async def visit(self, address: str, kind: Kind, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What stands at the address of a feed, sitemap or page; ``etag`` and ``modified`` are those of what it gave before. Raises
        FetchError."""
        asking = self._page if kind == "page" else self._any
        size = {"page": self._limits.size, "feed": FEED, "sitemap": SITEMAP}[kind]
        return await fetch(
            address, msgspec.structs.replace(self._limits, size=size),
            msgspec.structs.replace(asking, etag=etag, modified=modified), self._allowed,
        )  # fmt: skip

    @asynccontextmanager
    async def _allowed(self, address: str) -> AsyncIterator[None]:
        """A turn at the host of an address, if it allows the visit. Raises FetchError."""
        rules = await self._robots.rules(address)
        if not rules.allows(address):
            raise FetchError("forbidden", f"{address}: the robots.txt of the host asks not to visit it")
        async with self._turns.at(host_of(address), max(self._rate, rules.pause)):
            yield

    async def _told_by_host(self, address: str) -> Fetched:
        return await fetch(address, self._limits, self._any, lambda at: self._turns.at(host_of(at), self._rate))


def host_of(address: str) -> str:
    """The host that is asked for an address, with its port where that is told."""
    return urlsplit(address).netloc.lower()
