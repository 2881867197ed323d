"""Ids as people give them: whole, or as much of one as is enough to tell it from all others, or a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, select

from rasad.gazetteer import entities as gazetteer
from rasad.register.listing import resolved
from rasad.register.schema import claims, deals, documents, entities
from rasad.reports.near import nearest

SHORTEST = 4  #: characters of an id that may stand for it
_TABLES: dict[str, tuple[str, Column[Any]]] = {
    "d-": ("deal", deals.c.deal),
    "r-": ("relation", deals.c.deal),
    "c-": ("claim", claims.c.id),
    "doc-": ("document", documents.c.id),
}


class NotFoundError(LookupError):
    """Nothing in the register has this id; the message says what is nearest."""


def kind(identifier: str) -> str:
    """What an id is one of: deal, relation, claim, document; else entity."""
    return next((what for start, (what, _) in _TABLES.items() if identifier.startswith(start)), "entity")


def whole(connection: Connection, given: str) -> str:
    """The id that somebody means by ``d-3121``, ``c-5f0c9a1be2d47a10``, ``org:rosoboronexport`` or ``Russia``. Raises
    NotFoundError where there is none, or more than one; FilterError for a name that nothing has."""
    for start, (what, column) in _TABLES.items():
        if given.startswith(start):
            return _completed(connection, given, what, column)
    identifier = resolved(connection, given, "show")
    if identifier in gazetteer() or connection.scalar(select(entities.c.id).where(entities.c.id == identifier)):
        return identifier
    start = identifier.partition(":")[0] + ":"
    known = [*connection.scalars(select(entities.c.id).where(entities.c.id.startswith(start))), *gazetteer()]
    near = nearest(identifier, (entity for entity in known if entity.startswith(start)))
    raise NotFoundError(f"{identifier}: there is no such entity{near}")


def _completed(connection: Connection, given: str, what: str, column: Column[Any]) -> str:
    if connection.scalar(select(column).where(column == given)):
        return given
    found = _beginning(connection, given, column) if len(given) >= SHORTEST + given.index("-") else []
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"{given}: could be {' or '.join(found)}; give more of it")
    near = _nearest(connection, given, column)
    why = "it may have changed when more was read" if what != "document" else "it may be of another register"
    raise NotFoundError(f"{given}: there is no such {what}; {f'nearest is {near}' if near else why}")


def _beginning(connection: Connection, start: str, column: Column[Any]) -> list[str]:
    return list(
        connection.scalars(select(column).where(column.startswith(start, autoescape=True)).order_by(column).limit(3))
    )


def _nearest(connection: Connection, given: str, column: Column[Any]) -> str | None:
    """The id that has the longest beginning in common; None where that is little."""
    for length in range(len(given) - 1, given.index("-") + SHORTEST, -1):
        if found := _beginning(connection, given[:length], column):
            return found[0]
    return None
