"""Who supplies whom: the transfers of a register from each supplier to each recipient, and where these stand on a map."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from rasad.register import FilterError, Filters
from rasad.register.database import plain
from rasad.register.deals import names
from rasad.register.listing import passing
from rasad.register.rows import Named
from rasad.register.schema import IS_TRANSFER, deals

FLOWING = ("ordered", "delivering", "delivered")  #: stages of what is agreed; somebody says of each that it is so


class Flow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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


class Backing(NamedTuple):
    """How many transfers so many independent sources tell of, on how many of them sources disagree, and which they are."""

    sources: int
    transfers: int
    disputed: int
    deals: tuple[str, ...]


def transfers(filters: Filters) -> Filters:
    """The same filters, over transfers only. Raises FilterError where they are about something else."""
    if filters.frame not in (None, "transfer"):
        raise FilterError(f"frame: {filters.frame} is none; only transfers flow from supplier to recipient")
    return msgspec.structs.replace(filters, kind=None, frame="transfer")


def flows(connection: Connection, filters: Filters) -> list[Flow]:
    """The flows of the transfers that pass, by the ids of supplier and recipient. Unless the filters name a stage, what is only
    proposed, negotiated, approved, refused, suspended or cancelled is none. Raises FilterError."""
    ends = (deals.c.actor, deals.c.partner)
    category = func.coalesce(deals.c.category, "unknown")
    gathered = (
        func.count(), func.count(deals.c.disputed), func.min(deals.c.first_year), func.max(deals.c.last_year),
        func.sum(deals.c.claims), func.aggregate_strings(deals.c.deal, ","), func.aggregate_strings(category, ","),
    )  # fmt: skip
    rows = plain(connection, _flowing(connection, filters, *ends, *gathered).group_by(*ends))
    called = names(connection, {end for row in rows for end in row[:2]})
    named = {key: Named(key, name) for key, name in called.items()}
    return [_flow(named, *row) for row in sorted(rows)]


def backing(connection: Connection, filters: Filters) -> list[Backing]:
    """The same transfers by the number of independent sources that tell of each, the fewest first. Raises FilterError."""
    gathered = (func.count(), func.count(deals.c.disputed), func.aggregate_strings(deals.c.deal, ","))
    query = _flowing(connection, filters, deals.c.sources, *gathered).group_by(deals.c.sources)
    rows = sorted(plain(connection, query))
    return [Backing(sources, count, disputed, _parted(joined)) for sources, count, disputed, joined in rows]


def _flowing(connection: Connection, filters: Filters, *columns: ColumnElement[Any]) -> Select[Any]:
    query = passing(connection, transfers(filters), select(*columns).select_from(deals)).where(IS_TRANSFER)
    for party in (deals.c.actor, deals.c.partner):
        query = query.where(
            func.coalesce(party, "") != ""
        )  # no condition for an index, which is slower than the whole table
    return query if filters.stage else query.where(deals.c.stage.in_(FLOWING))


def _flow(
    named: Mapping[str, Named], supplier: str, recipient: str, count: int, disputed: int, first: int | None, last: int | None,
    claims: int, joined: str, categories: str,
) -> Flow:  # fmt: skip
    counted = Counter(categories.split(","))
    most = sorted(counted.items(), key=lambda one: (-one[1], one[0])) if len(counted) > 1 else counted.items()
    return Flow(
        supplier=named[supplier], recipient=named[recipient], count=count, disputed=disputed, categories=tuple(most),
        first_year=first, last_year=last, claims=int(claims), deals=_parted(joined),
    )  # fmt: skip


def _parted(joined: str) -> tuple[str, ...]:
    return tuple(sorted(joined.split(",")))


@cache
def places() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each state, in degrees, by its id (``country:KAZ``); the file ``places.toml``."""
    told = tomllib.loads(files("rasad.exchange").joinpath("places.toml").read_text("utf-8"))
    return {f"country:{code}": (longitude, latitude) for code, (longitude, latitude) in told.items()}
