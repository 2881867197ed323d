"""Which deals and relations: filters over the summaries, and the words that people use for countries, systems and makers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from rasad.gazetteer import entities, folded_names, spelled_designations
from rasad.languages import codes
from rasad.languages.words import fold
from rasad.ontology import ontology
from rasad.register.atoms import family
from rasad.register.deals import STAGES
from rasad.register.schema import DEAL_YEAR, atoms, deals, publications
from rasad.register.schema import entities as entity_rows
from rasad.reports.near import nearest

Order = Literal["sources", "year", "number", "value"]


class FilterError(ValueError):
    """A filter means nothing; the message names it, and what is nearest."""


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. ``supplier`` and ``recipient`` also stand for the other frames' first and second party; ``party`` is either;
    the years are those between which the deal has claims; ``disputed`` is a kind of disagreement, or ``any``."""

    kind: Literal["deal", "relation"] | None = None
    frame: str | None = None
    supplier: str | None = None
    recipient: str | None = None
    party: str | None = None
    item: str | None = None
    category: str | None = None
    stage: str | None = None
    outlet: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    min_sources: int = 1
    disputed: str | None = None
    order: Order = "sources"
    limit: int | None = None
    offset: int = 0


def listed(connection: Connection, filters: Filters) -> list[dict[str, Any]]:
    """The summaries that pass, in the order asked for; ties in the order of their ids. Raises FilterError."""
    rows = passing(connection, filters, select(deals)).order_by(*_order(filters.order), deals.c.deal)
    if filters.limit is not None:
        rows = rows.limit(filters.limit)
    return [dict(row) for row in connection.execute(rows.offset(filters.offset)).mappings()]


def counted(connection: Connection, filters: Filters) -> int:
    """How many pass, whatever the limit."""
    return connection.scalar(passing(connection, filters, select(func.count()).select_from(deals))) or 0


def _order(order: Order) -> list[ColumnElement[Any]]:
    columns: dict[Order, list[ColumnElement[Any]]] = {
        "sources": [deals.c.sources.desc(), deals.c.reports.desc()],
        "year": [DEAL_YEAR.desc()],
        "number": [func.coalesce(deals.c.quantity, 0).desc()],
        "value": [func.coalesce(deals.c.amount, 0).desc()],
    }
    return columns[order]


def streamed(connection: Connection, filters: Filters, together: int) -> Iterator[list[dict[str, Any]]]:
    """All summaries that pass, by id, so many at a time: none but these are held. Raises FilterError."""
    rows = connection.execute(
        passing(connection, filters, select(deals)).order_by(deals.c.deal), execution_options={"yield_per": together}
    )
    for some in rows.mappings().partitions():
        yield [dict(row) for row in some]


def passing(connection: Connection, filters: Filters, query: Select[Any]) -> Select[Any]:
    """A query of the table of deals, narrowed to those that pass. Raises FilterError."""
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(deals.c.kind == filters.kind)
    if filters.frame:
        where.append(deals.c.frame == one_of("frame", filters.frame.replace("-", "_"), ontology().frames))
    sets = _has_sets(filters.frame)
    if filters.supplier:
        where.append(_party("actor", resolved(connection, filters.supplier, "supplier"), sets))
    if filters.recipient:
        where.append(_party("partner", resolved(connection, filters.recipient, "recipient"), sets))
    if filters.party:
        party = resolved(connection, filters.party, "party")
        where.append(or_(_party("actor", party, sets), _party("partner", party, sets)))
    if filters.item:
        where.append(_item(resolved(connection, filters.item, "item")))
    if filters.category:
        where.append(
            deals.c.category == one_of("category", filters.category.removeprefix("category:"), ontology().categories)
        )
    if filters.stage:
        where.append(deals.c.stage == one_of("stage", filters.stage, STAGES))
    if filters.outlet:
        told = select(atoms.c.deal).join(publications, publications.c.document == atoms.c.document)
        where.append(deals.c.deal.in_(told.where(func.lower(publications.c.outlet) == filters.outlet.lower())))
    if filters.year_from is not None:
        where.append(deals.c.last_year >= filters.year_from)
    if filters.year_to is not None:
        where.append(deals.c.first_year <= filters.year_to)
    if filters.min_sources > 1:
        where.append(deals.c.sources >= filters.min_sources)
    if filters.disputed == "any":
        where.append(deals.c.disputed.is_not(None))
    elif filters.disputed:
        kind = one_of("disputed", filters.disputed, ("number", "date", "supplier", "stage", "denied"))
        where.append(deals.c.disputed.contains(kind))
    return query.where(and_(*where)) if where else query


def _has_sets(frame: str | None) -> bool:
    """Whether parties of a frame may be a set."""
    return frame is None or any(role.set for role in ontology().frames[frame.replace("-", "_")].roles.values())


def _party(place: str, entity: str, sets: bool) -> ColumnElement[bool]:
    """Whether an entity is the actor or partner: as the state, as a member of a set of parties, or as the state's own
    organisation. Where there are no sets an index finds it."""
    column = deals.c[place]
    found = [column == entity]
    if sets:
        found += [column.like(pattern) for pattern in (f"{entity}+%", f"%+{entity}", f"%+{entity}+%")]
    if entity.startswith("org:"):
        own = atoms.c[f"{place}_id"]
        found.append(deals.c.deal.in_(select(atoms.c.deal).where(own == entity)))
    return or_(*found)


def _item(item: str) -> ColumnElement[bool]:
    if item.startswith("category:"):
        return deals.c.category == item.removeprefix("category:")
    if (kin := family(item)) is not None and item == f"system:{kin}":
        return deals.c.family == kin
    return deals.c.deal.in_(select(atoms.c.deal).where(atoms.c.item == item))


def one_of(what: str, given: str, known: Iterable[str]) -> str:
    """A value that is one of those known. Raises FilterError with what is nearest."""
    if given not in known:
        raise FilterError(f"{what}: {given!r} is not one of {', '.join(known)}{nearest(given, known)}")
    return given


def resolved(connection: Connection, given: str, what: str) -> str:
    """The id of what somebody calls ``KAZ``, ``Kazakhstan``, ``Казахстан``, ``S-300`` or ``org:rosoboronexport``. Raises
    FilterError with what is nearest, where nothing has that name."""
    if ":" in given and not given.endswith(":"):
        return given
    if f"country:{given.upper()}" in entities():
        return f"country:{given.upper()}"
    if given in ontology().categories:
        return f"category:{given}"
    named = called(given)
    if named is None:
        rows = (
            select(entity_rows.c.id).where(func.lower(entity_rows.c.name) == given.lower()).order_by(entity_rows.c.id)
        )
        named = connection.scalar(rows.limit(1))
    if named is None:
        raise FilterError(
            f"{what}: nothing in the register or the gazetteer is called {given!r}{nearest(given, _english())}"
        )
    return named


def called(given: str) -> str | None:
    """Whom the gazetteer knows by a name, in any language and script; of several, the alphabetical first."""
    return _names().get(fold(given)) or _spelled().get(fold(given))


@cache
def _names() -> dict[str, str]:
    """Every name of the gazetteer, in every language, with the id it stands for; of several, the alphabetical first."""
    found: dict[str, str] = {}
    for code in codes():
        for name, ids in folded_names(code).items():
            found.setdefault(name, min(ids))
    return found


@cache
def _spelled() -> dict[str, str]:
    """The designations as the rules of each language spell them: С-400, إس-400."""
    return {fold(name): entity for code in codes() for name, entity in spelled_designations(code)}


@cache
def _english() -> list[str]:
    return sorted({entity.name for entity in entities().values()})


@cache
def country_names() -> dict[str, tuple[str, ...]]:
    """The names of each state in every language, folded."""
    found: dict[str, list[str]] = {}
    for name, entity in _names().items():
        if entity.startswith("country:"):
            found.setdefault(entity, []).append(name)
    return {entity: tuple(names) for entity, names in found.items()}
