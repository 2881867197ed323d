"""Deals and relations by what was chosen of them, with the counts of what else they are about.

What stands in their summaries is counted of the first :data:`MOST`; of all where nothing was chosen. What only their claims tell
(certainty, language, outlet) is counted of the first :data:`LOOKED_INTO`, and looked for in at most :data:`LOOKED_THROUGH`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Select, exists, func, select

from rasad.register import facets
from rasad.register.database import slices
from rasad.register.facets import PARTIES, TRADING, Chosen, Facet
from rasad.register.schema import DEAL_YEAR, atoms, deals, publications

MOST = 2_000  #: deals through which one can page
LOOKED_INTO = 200
LOOKED_THROUGH = 10_000
PRINTED = 2_000  #: texts of an outlet, the latest, whose deals are looked for
AT_ONCE = 30_000  #: deals that are counted whenever that is asked
KEPT = 60.0  #: seconds for which the counts of more are kept

_COLUMNS: dict[str, Any] = {
    "supplier": deals.c.actor, "recipient": deals.c.partner, "category": deals.c.category, "frame": deals.c.frame,
    "stage": deals.c.stage, "year": DEAL_YEAR,
}  # fmt: skip

Counts = Mapping[str, Facet]


class Chose(NamedTuple):
    """The ids of the first deals that have what was chosen; how many there are in all (at least, where there are ``more``); and
    their facets."""

    deals: Sequence[str]
    total: int
    more: bool
    facets: tuple[Facet, ...]


def choose(connection: Connection, chosen: Chosen, *, newest: bool) -> Chose:
    """Deals and relations in the order of time, or the best supported first."""
    order: list[ColumnElement[Any]] = (
        [DEAL_YEAR.desc(), deals.c.deal] if newest else [deals.c.sources.desc(), deals.c.reports.desc(), deals.c.deal]
    )
    which = _having(select(deals.c.deal, *(column.label(name) for name, column in _COLUMNS.items())), chosen)
    rows = connection.execute(_claiming(which.order_by(*order), chosen, newest).limit(MOST + 1)).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    told = dict(_of_summaries(rows) if chosen.given() or not more else _of_all(connection))
    told |= _of_claims(connection, [row.deal for row in rows[:LOOKED_INTO]])
    total, open_ended = len(rows), more
    if more and not _deep(chosen):
        total, open_ended = connection.scalar(_having(select(func.count()).select_from(deals), chosen)) or 0, False
    return Chose([row.deal for row in rows], total, open_ended, tuple(told[name] for name in facets.FACETS))


def _having(query: Select[Any], chosen: Chosen) -> Select[Any]:
    """Narrowed to what has all that was chosen of summaries."""
    for name, column in _COLUMNS.items():
        if (value := getattr(chosen, name)) is not None:
            query = query.where(column == value)
    return query.where(deals.c.frame.in_(TRADING)) if chosen.supplier or chosen.recipient else query


def _deep(chosen: Chosen) -> bool:
    return bool({"certainty", "language", "outlet"} & chosen.given().keys())


def _claiming(query: Select[Any], chosen: Chosen, newest: bool) -> Select[Any]:
    """Narrowed to what has a claim with all that was chosen of claims."""
    said = [atoms.c[name] == value for name in ("certainty", "language") if (value := getattr(chosen, name))]
    if chosen.outlet:
        printed = select(publications.c.document).where(publications.c.outlet == chosen.outlet)
        latest = printed.order_by(publications.c.id.desc()).limit(PRINTED)
        return query.where(deals.c.deal.in_(select(atoms.c.deal).where(atoms.c.document.in_(latest), *said)))
    if not said:
        return query
    first = query.add_columns(deals.c.sources, deals.c.reports).limit(LOOKED_THROUGH).subquery()
    again = [first.c.year.desc()] if newest else [first.c.sources.desc(), first.c.reports.desc()]
    return select(first).where(exists().where(atoms.c.deal == first.c.deal, *said)).order_by(*again, first.c.deal)


def _of_summaries(rows: Sequence[Any]) -> Counts:
    trading = [row for row in rows if row.frame in TRADING]
    return {
        name: facets.facet(
            name, Counter(getattr(row, name) for row in (trading if name in PARTIES else rows)), len(rows)
        )
        for name in _COLUMNS
    }


def _of_claims(connection: Connection, found: Sequence[str]) -> Counts:
    """What only the claims of deals tell."""
    printed = publications.c.document == atoms.c.document
    told = {
        "certainty": select(atoms.c.deal, atoms.c.certainty), "language": select(atoms.c.deal, atoms.c.language),
        "outlet": select(atoms.c.deal, publications.c.outlet).join(publications, printed),
    }  # fmt: skip
    counts = {
        name: Counter(
            value for some in slices(found) for _, value in connection.execute(query.where(atoms.c.deal.in_(some)).distinct())
        )
        for name, query in told.items()
    }  # fmt: skip
    return {name: facets.facet(name, some, len(found)) for name, some in counts.items()}


def _of_all(connection: Connection) -> Counts:
    total = connection.scalar(select(func.count()).select_from(deals)) or 0

    def count() -> Counts:
        found: dict[str, Facet] = {}
        for name, column in _COLUMNS.items():
            query = select(column, func.count()).group_by(column)
            query = query.where(deals.c.frame.in_(TRADING)) if name in PARTIES else query
            found[name] = facets.facet(name, dict(connection.execute(query).all()), total)
        return found

    return count() if total <= AT_ONCE else _counted.setdefault(connection.engine, _Counted()).get(count)


class _Counted:
    """The counts of a big register: made by one reader at a time, the others take the earlier ones meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counts = {}
        self._until = 0.0

    def get(self, count: Callable[[], Counts]) -> Counts:
        if self._counts and (monotonic() < self._until or self._lock.locked()):
            return self._counts
        with self._lock:
            if monotonic() >= self._until:
                self._counts = count()
                self._until = monotonic() + KEPT
        return self._counts


_counted: WeakKeyDictionary[Engine, _Counted] = WeakKeyDictionary()
