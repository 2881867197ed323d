"""The first page: what came in, what is new or disputed, who is accused, and where the flows go."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

import msgspec

from rasad.analysis.asked import AskedRegister
from rasad.register import Counts, Row
from rasad.register.lately import CameIn
from rasad.web.pages import PageData, Pages

pages = Pages()


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What came in on a day (ISO 8601) from one outlet, where that is known."""

    day: str
    outlet: str | None
    documents: tuple[CameIn, ...]


class HomePage(PageData, frozen=True, kw_only=True):
    """How much the register holds; what came in last, the newest first; the deals and relations that it tells of; those that sources
    disagree on; and accusations, the best supported first. ``TABLE`` is what came in."""

    TABLE: ClassVar[str] = "came_in"

    holds: Counts
    came_in: tuple[CameIn, ...]
    touched: tuple[Row, ...]
    disputed: tuple[Row, ...]
    accusations: tuple[Row, ...]

    @property
    def days(self) -> list[Day]:
        """What came in, by day and outlet."""
        grouped = groupby(self.came_in, lambda one: (one.read[:10], one.publication.outlet))
        return [Day(day=day, outlet=outlet, documents=tuple(some)) for (day, outlet), some in grouped]


@pages.page("/", template="home.html")
def home(register: AskedRegister) -> HomePage:
    """What came in lately, what is new or disputed, and the accusations."""
    lately = register.lately()
    return HomePage(
        holds=register.counts(), came_in=lately.documents, touched=lately.touched, disputed=lately.disputed, accusations=lately.accusations
    )  # fmt: skip
