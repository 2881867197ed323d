"""The deals of a country, and how sure each of them is: what counts as its trade, and what stands beside it."""

from __future__ import annotations

from itertools import starmap
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, or_, select

from rasad.ontology import ontology
from rasad.register.schema import atoms, deals

Side = Literal["buyer", "seller"]
Kind = Literal["trade", "offer", "refused or cancelled", "service", "joint project"]
KINDS: tuple[Kind, ...] = ("trade", "offer", "refused or cancelled", "service", "joint project")
OFFERED = frozenset({"proposed", "negotiated", "approved"})
FALLEN = frozenset({"refused", "cancelled"})
ASSERTED, CLAIMED, NOT = 2, 1, 0


class Dealt(msgspec.Struct, frozen=True, gc=False):
    """A deal as the register shows it. ``year`` is the one that it counts in: that of its order; else of its first delivery; else
    the first that is told of it. ``sure``: whether somebody asserts it outright with the number that it shows (2), claims it (1), or
    it is only denied (0); ``valued``: the same of its value, where 0 is one that is told of several deals together."""

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
    year: int | None
    sure: int
    valued: int

    @property
    def deliveries(self) -> tuple[int, int] | None:
        """The first and the last year in which something is said to have been delivered; taken to have gone on in between."""
        if self.first_delivery is None or self.last_delivery is None:
            return None
        return self.first_delivery, self.last_delivery


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


def delivered(connection: Connection, which: ColumnElement[bool], first: int, last: int) -> list[Dealt]:
    """The transfers that pass and of which something came between two years; how sure that is is not looked into."""
    then = and_(deals.c.first_delivery <= last, deals.c.last_delivery >= first)
    sold = and_(deals.c.kind == "deal", deals.c.frame == "transfer")
    rows = connection.execute(
        select(*_columns(), literal(CLAIMED), literal(NOT)).where(sold, which, then).order_by(deals.c.deal)
    )
    return list(starmap(Dealt, rows))


def _dealt(connection: Connection, which: ColumnElement[bool]) -> list[Dealt]:
    rows = connection.execute(select(*_columns(), _sure(), _valued()).where(which).order_by(deals.c.deal))
    return [one for one in starmap(Dealt, rows) if one.sure != NOT]


def _kind(one: Dealt) -> Kind:
    if one.frame != "transfer":
        return "service"
    if one.first_delivery is not None:
        return "trade"
    if one.stage in FALLEN:
        return "refused or cancelled"
    return "offer" if one.stage in OFFERED and one.ordered is None else "trade"


def _columns() -> list[ColumnElement[Any]]:
    year = func.coalesce(deals.c.ordered, deals.c.first_delivery, deals.c.first_year)
    return [*(deals.c[name] for name in Dealt.__struct_fields__ if name in deals.c), year]
