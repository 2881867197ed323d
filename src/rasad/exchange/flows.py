"""Who supplies whom: the transfers of a register from each supplier to each recipient, and where these stand on a map."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

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


def transfers(filters: Filters) -> Filters:
    """The same filters, over transfers only. Raises FilterError where they are about something else."""
    if filters.frame not in (None, "transfer"):
        raise FilterError(f"frame: {filters.frame} is none; only transfers flow from supplier to recipient")
    return msgspec.structs.replace(filters, kind="deal", frame="transfer")


def flows(connection: Connection, filters: Filters) -> Iterator[Flow]:
    """The flows of the transfers that pass, by the ids of supplier and recipient. Unless the filters name a stage, what is only
    proposed, negotiated, approved, refused, suspended or cancelled is none. Raises FilterError."""
    known = names(connection, _parties(connection, filters))
    parties = (deals.c.actor, deals.c.partner)
    grouped = flowing(
        connection,
        filters,
        select(
            *parties, deals.c.category, func.count(), func.count(deals.c.disputed), func.min(deals.c.first_year),
            func.max(deals.c.last_year), func.sum(deals.c.claims), func.aggregate_strings(deals.c.deal, ","),
        ).group_by(*parties, deals.c.category).order_by(*parties),
    )  # fmt: skip
    rows = connection.execute(grouped, execution_options={"yield_per": TOGETHER})
    for (supplier, recipient), group in groupby(rows, key=lambda row: (row[0], row[1])):
        some = [*group]
        yield Flow(
            supplier=Named(supplier, known[supplier]),
            recipient=Named(recipient, known[recipient]),
            count=sum(row[3] for row in some),
            disputed=sum(row[4] for row in some),
            categories=tuple(
                sorted(((row[2] or "unknown", row[3]) for row in some), key=lambda one: (-one[1], one[0]))
            ),
            first_year=min((row[5] for row in some if row[5]), default=None),
            last_year=max((row[6] for row in some if row[6]), default=None),
            claims=sum(row[7] for row in some),
            deals=tuple(sorted(deal for row in some for deal in row[8].split(","))),
        )


def flowing(connection: Connection, filters: Filters, query: Select[Any]) -> Select[Any]:
    """A query of deals, narrowed to the transfers that are flows."""
    narrowed = passing(connection, transfers(filters), query)
    narrowed = narrowed.where(deals.c.actor.is_not(None), deals.c.partner.is_not(None))
    return narrowed if filters.stage else narrowed.where(deals.c.stage.in_(FLOWING))


def _parties(connection: Connection, filters: Filters) -> set[str]:
    pairs = flowing(connection, filters, select(deals.c.actor, deals.c.partner).distinct())
    return {str(one) for pair in connection.execute(pairs) for one in pair}


@cache
def places() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each state, in degrees, by its id (``country:KAZ``); the file ``places.toml``."""
    told = tomllib.loads(files("rasad.exchange").joinpath("places.toml").read_text("utf-8"))
    return {f"country:{code}": (longitude, latitude) for code, (longitude, latitude) in told.items()}
