"""Who supplies whom: the transfers of a register from each supplier to each recipient, and where these stand on a map."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, func, select

from rasad.exchange.columns import TOGETHER
from rasad.register import FilterError, Filters
from rasad.register.deals import names
from rasad.register.listing import passing
from rasad.register.rows import Named
from rasad.register.schema import deals

FLOWING = ("ordered", "delivering", "delivered")  #: stages of what is agreed; somebody says of each that it is so


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The transfers from a supplier to a recipient that were ordered or delivered. ``categories`` are those of equipment with
    how many deals each has, most first; ``disputed`` how many deals sources disagree on. Deals of which no weapon is known
    count too."""

    supplier: Named
    recipient: Named
    count: int
    disputed: int
    categories: tuple[tuple[str, int], ...]
    first_year: int | None
    last_year: int | None
    claims: int
    deals: tuple[str, ...]


class Transfer(NamedTuple):
    """A transfer that is part of a flow."""

    supplier: str
    recipient: str
    deal: str
    category: str | None
    disputed: str | None
    first_year: int | None
    last_year: int | None
    claims: int
    sources: int


def transfers(filters: Filters) -> Filters:
    """The same filters, over transfers only. Raises FilterError where they are about something else."""
    if filters.frame not in (None, "transfer"):
        raise FilterError(f"frame: {filters.frame} is none; only transfers flow from supplier to recipient")
    return msgspec.structs.replace(filters, kind=None, frame="transfer")


def flowing(connection: Connection, filters: Filters) -> Select[Any]:
    """The query of the transfers that are flows, as :class:`Transfer`. Unless the filters name a stage, what is only proposed,
    negotiated, approved, refused, suspended or cancelled is none. Raises FilterError."""
    own = ("actor", "partner", "deal", "category", "disputed", "first_year", "last_year", "claims", "sources")
    query = passing(connection, transfers(filters), select(*(deals.c[name] for name in own)))
    for party in (deals.c.actor, deals.c.partner):
        query = query.where(
            func.coalesce(party, "") != ""
        )  # no condition for an index, which is slower than the whole table
    return query if filters.stage else query.where(deals.c.stage.in_(FLOWING))


def flows(connection: Connection, filters: Filters) -> Iterator[Flow]:
    """The flows of the transfers that pass, by the ids of supplier and recipient, one after the other. Raises FilterError."""
    query = flowing(connection, filters).order_by(deals.c.actor, deals.c.partner)
    rows = connection.execute(query, execution_options={"yield_per": TOGETHER})
    for (supplier, recipient), some in groupby((Transfer._make(row) for row in rows), key=lambda one: one[:2]):
        known = names(connection, (supplier, recipient))
        yield flow(Named(supplier, known[supplier]), Named(recipient, known[recipient]), [*some])


def flow(supplier: Named, recipient: Named, some: Sequence[Transfer]) -> Flow:
    """The flow that transfers between the same two are."""
    categories = Counter(one.category or "unknown" for one in some)
    return Flow(
        supplier=supplier, recipient=recipient, count=len(some), disputed=sum(one.disputed is not None for one in some),
        categories=tuple(sorted(categories.items(), key=lambda one: (-one[1], one[0]))),
        first_year=min((one.first_year for one in some if one.first_year), default=None),
        last_year=max((one.last_year for one in some if one.last_year), default=None),
        claims=sum(one.claims for one in some), deals=tuple(sorted(one.deal for one in some)),
    )  # fmt: skip


@cache
def places() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each state, in degrees, by its id (``country:KAZ``); the file ``places.toml``."""
    told = tomllib.loads(files("rasad.exchange").joinpath("places.toml").read_text("utf-8"))
    return {f"country:{code}": (longitude, latitude) for code, (longitude, latitude) in told.items()}
