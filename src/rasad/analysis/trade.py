"""The deals of a country, and how sure each of them is: what counts as its trade, and what stands beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from rasad.ontology import ontology
from rasad.register.schema import atoms, deals

Side = Literal["buyer", "seller"]
Kind = Literal["trade", "offer", "refused or cancelled", "service", "joint project"]
OFFERED = frozenset({"proposed", "negotiated", "approved"})
FALLEN = frozenset({"refused", "cancelled"})


class Dealt(NamedTuple):
    """A deal as the register shows it. ``year`` is the one that it counts in: that of its order; else of its first delivery; else
    the first that is told of it."""

    deal: str
    frame: str
    actor: str | None
    partner: str | None
    category: str | None
    stage: str | None
    quantity: float | None
    amount: float | None
    currency: str | None
    year: int | None
    ordered: int | None
    first_delivery: int | None
    last_delivery: int | None
    first_year: int | None
    last_year: int | None
    disputed: str | None

    @property
    def deliveries(self) -> tuple[int, int] | None:
        """The first and the last year in which something is said to have been delivered; taken to have gone on in between."""
        if self.first_delivery is None or self.last_delivery is None:
            return None
        return self.first_delivery, self.last_delivery


class Trade(NamedTuple):
    """The deals of a country by kind; what is only denied is not among them.

    ``trade`` are transfers that were ordered or delivered, also those of which no stage is told; not what was cancelled before
    anything came. ``estimated``: nobody asserts the deal with its number outright. ``values`` are the deals whose value is told of
    them alone, and whether somebody asserts it: a value told of several deals together is that of none.
    """

    deals: dict[Kind, list[Dealt]]
    estimated: frozenset[str]
    values: dict[str, bool]


def dealt() -> Select[tuple[object, ...]]:
    """The columns of :class:`Dealt`."""
    counts = func.coalesce(deals.c.ordered, deals.c.first_delivery, deals.c.first_year).label("year")
    return select(*(counts if name == "year" else deals.c[name] for name in Dealt._fields))


def trade(connection: Connection, country: str, side: Side) -> Trade:
    """What a country buys or sells."""
    party = deals.c.partner if side == "buyer" else deals.c.actor
    own = and_(party == country, deals.c.kind == "deal", deals.c.frame.in_(("transfer", "service")))
    blocks = [f"joint_project|{category}" for category in (*ontology().categories, "-")]  # as links.toml makes them
    joint = and_(deals.c.block.in_(blocks), deals.c.actor.contains(country, autoescape=True))
    found: dict[Kind, list[Dealt]] = {
        "trade": [],
        "offer": [],
        "refused or cancelled": [],
        "service": [],
        "joint project": [],
    }
    unsure: set[str] = set()
    for which in (own, joint):
        some, denied = _unsure(connection, which)
        unsure |= some
        for one in map(Dealt._make, connection.execute(dealt().where(which).order_by(deals.c.deal))):
            if one.deal not in denied:
                found[_kind(one)].append(one)
    found["joint project"] = [one for one in found["joint project"] if country in (one.actor or "").split("+")]
    return Trade(found, frozenset(unsure), _values(connection, own))


def _kind(one: Dealt) -> Kind:
    if one.frame != "transfer":
        return "service" if one.frame == "service" else "joint project"
    if one.first_delivery is not None:
        return "trade"
    if one.stage in FALLEN:
        return "refused or cancelled"
    return "offer" if one.stage in OFFERED and one.ordered is None else "trade"


def _unsure(connection: Connection, which: ColumnElement[bool]) -> tuple[set[str], set[str]]:
    """The deals that nobody asserts with the number they show, and those that are only denied."""
    here = atoms.c.deal == deals.c.deal
    claimed = exists().where(here, atoms.c.polarity == "positive")
    number = or_(deals.c.quantity.is_(None), atoms.c.quantity == deals.c.quantity)
    asserted = exists().where(here, atoms.c.polarity == "positive", atoms.c.certainty == "asserted", number)
    rows = connection.execute(select(deals.c.deal, claimed).where(which, ~asserted)).all()
    return {deal for deal, positive in rows if positive}, {deal for deal, positive in rows if not positive}


def _values(connection: Connection, which: ColumnElement[bool]) -> dict[str, bool]:
    """The deals whose value is told of them alone, and whether somebody asserts it. One text that tells the same value of two
    deals means both together; a line of a table stands for itself."""
    other = atoms.alias()
    shared = exists().where(other.c.claim == atoms.c.claim, other.c.deal != atoms.c.deal)
    same = and_(atoms.c.amount == deals.c.amount, atoms.c.currency == deals.c.currency)
    columns = (atoms.c.deal, atoms.c.document, atoms.c.entry, atoms.c.amount, atoms.c.currency, atoms.c.certainty)
    told = (
        select(*columns, shared)
        .join(atoms, atoms.c.deal == deals.c.deal)
        .where(which, deals.c.amount.is_not(None), same, atoms.c.polarity == "positive")
    )
    rows = connection.execute(told).all()
    together: dict[tuple[str, float, str], set[str]] = defaultdict(set)
    for deal, document, entry, amount, currency, *_ in rows:
        together[entry or document, amount, currency].add(deal)
    found: dict[str, bool] = {}
    for deal, document, entry, amount, currency, certainty, several in rows:
        if not several and len(together[entry or document, amount, currency]) == 1:
            found[deal] = found.get(deal, False) or certainty == "asserted"
    return found
