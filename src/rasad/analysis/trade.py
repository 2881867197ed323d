"""The deals of a country, and how sure each of them is: what counts as its trade, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, select

from rasad.ontology import ontology
from rasad.register.database import plain
from rasad.register.schema import deals
from rasad.register.sureness import NOT

Side = Literal["buyer", "seller"]
Kind = Literal["trade", "offer", "refused or cancelled", "service", "joint project"]
KINDS: tuple[Kind, ...] = ("trade", "offer", "refused or cancelled", "service", "joint project")
OFFERED = frozenset({"proposed", "negotiated", "approved"})
FALLEN = frozenset({"refused", "cancelled"})


class Dealt(msgspec.Struct, frozen=True, gc=False):
    """A deal as the register shows it. ``year`` is the one that it counts in: that of its order; else of its first delivery; else
    the first that is told of it. ``sure`` and ``valued``: whether somebody asserts it, and its value, outright (see
    :mod:`rasad.register.sureness`)."""

    deal: str
    frame: str
    actor: str | None
    partner: str | None
    category: str | None
    stage: str | None
    quantity: float | None
    amount: float | None
    currency: str | None
    ordered: int | None
    first_delivery: int | None
    last_delivery: int | None
    first_year: int | None
    last_year: int | None
    disputed: str | None
    sure: int
    valued: int
    year: int | None


class Delivered(NamedTuple):
    """The years from which to which something of a transfer is said to have been delivered."""

    deal: str
    actor: str | None
    partner: str | None
    category: str | None
    first_delivery: int
    last_delivery: int


def trade(connection: Connection, country: str, side: Side) -> dict[Kind, list[Dealt]]:
    """What a country buys or sells, by kind; what is only denied is not among it. ``trade`` are transfers that were ordered or
    delivered, also those of which no stage is told; not what was cancelled before anything came."""
    party = deals.c.partner if side == "buyer" else deals.c.actor
    blocks = [f"joint_project|{category}" for category in (*ontology().categories, "-")]  # as links.toml makes them
    found: dict[Kind, list[Dealt]] = {kind: [] for kind in KINDS}
    own = and_(party == country, deals.c.kind == "deal", deals.c.frame.in_(("transfer", "service")))
    for one in _dealt(connection, own):
        found[_kind(one)].append(one)
    joint = _dealt(connection, and_(deals.c.block.in_(blocks), deals.c.actor.contains(country, autoescape=True)))
    found["joint project"] = [one for one in joint if country in (one.actor or "").split("+")]
    return found


def delivered(connection: Connection, which: ColumnElement[bool], first: int, last: int) -> list[Delivered]:
    """The transfers that pass and of which something came between two years; how sure that is is not looked into."""
    then = and_(deals.c.first_delivery <= last, deals.c.last_delivery >= first)
    sold = and_(deals.c.kind == "deal", deals.c.frame == "transfer")
    columns = (deals.c[name] for name in Delivered._fields)
    return list(
        map(Delivered._make, plain(connection, select(*columns).where(sold, which, then).order_by(deals.c.deal)))
    )


def _dealt(connection: Connection, which: ColumnElement[bool]) -> Iterable[Dealt]:
    year = func.coalesce(deals.c.ordered, deals.c.first_delivery, deals.c.first_year)
    columns = (deals.c[name] for name in Dealt.__struct_fields__[:-1])
    found = select(*columns, year).where(which, deals.c.sure != NOT).order_by(deals.c.deal)
    return starmap(Dealt, plain(connection, found))


def _kind(one: Dealt) -> Kind:
    if one.frame != "transfer":
        return "service"
    if one.first_delivery is not None:
        return "trade"
    if one.stage in FALLEN:
        return "refused or cancelled"
    return "offer" if one.stage in OFFERED and one.ordered is None else "trade"
