"""What is exported: deals and relations, each with every claim behind it and everybody whom it names, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from rasad.claims import Entity, decoded
from rasad.gazetteer import entities as gazetteer
from rasad.register import Filters, Register, Row
from rasad.register.database import reading, slices
from rasad.register.deals import Evidence
from rasad.register.listing import streamed
from rasad.register.log import log
from rasad.register.relink import links_in
from rasad.register.review import Log
from rasad.register.rows import Named, rows
from rasad.register.schema import atoms, claims
from rasad.register.schema import entities as entity_rows
from rasad.register.shown import printed

TOGETHER = 200  #: deals looked up at a time


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A deal or relation; the claims behind it as they stand after review; and whom and what these name, by id."""

    row: Row
    evidence: tuple[Evidence, ...]
    entities: dict[str, Entity]

    @property
    def denied_only(self) -> bool:
        """Whether all that is said is that it is not so."""
        return self.row.polarity == "negative"


def parts(register: Register, filters: Filters) -> Iterator[Part]:
    """Everything that passes the filters, by id; their order and limit mean nothing here. Raises FilterError."""
    with reading(register.engine) as connection:
        decisions = log(connection)
        for summaries in streamed(connection, filters, TOGETHER):
            yield from _parts(connection, decisions, summaries)


def _parts(connection: Connection, decisions: Log, summaries: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    behind = _behind(connection, [summary["deal"] for summary in summaries])
    held = _evidence(connection, decisions, sorted({claim for some in behind.values() for claim in some}))
    told = rows(connection, summaries)
    named = {row.id: _named(row, [held[claim] for claim in behind.get(row.id, ()) if claim in held]) for row in told}
    known = _entities(connection, {one.id: one for some in named.values() for one in some.values()})
    for row in told:
        yield Part(
            row=row, evidence=tuple(held[claim] for claim in behind.get(row.id, ()) if claim in held),
            entities={identifier: known[identifier] for identifier in named[row.id]},
        )  # fmt: skip


def _behind(connection: Connection, deals: Sequence[str]) -> dict[str, list[str]]:
    """The claims of each deal."""
    found: dict[str, list[str]] = {}
    for some in slices(deals):
        pairs = select(atoms.c.deal, atoms.c.claim).where(atoms.c.deal.in_(some)).distinct()
        for deal, claim in connection.execute(pairs.order_by(atoms.c.deal, atoms.c.claim)):
            found.setdefault(deal, []).append(claim)
    return found


def _evidence(connection: Connection, decisions: Log, wanted: Sequence[str]) -> dict[str, Evidence]:
    """Claims by id, as they stand after review."""
    found: dict[str, Evidence] = {}
    for some in slices(wanted):
        rows = connection.execute(select(claims).where(claims.c.id.in_(some))).all()
        links = links_in(connection, some)
        where = printed(connection, sorted({row.document for row in rows}))
        for row in rows:
            read = decoded(row.body)
            claim = decisions.applied(read, row.document, links)
            if claim is not None:
                found[row.id] = Evidence(
                    claim=claim, document=row.document, source=row.source, publications=where.get(row.document, ()),
                    review=decisions.status(read, row.document),
                )  # fmt: skip
    return found


def _named(row: Row, evidence: Iterable[Evidence]) -> dict[str, Named]:
    """Whom and what a row and its claims name."""
    found: dict[str, Named] = {}
    for told in evidence:
        found |= {filler.id: Named(filler.id, filler.name) for _, filler in told.claim.fillers()}
        found |= {speaker.id: Named(speaker.id, speaker.name) for speaker in told.claim.attribution}
    return found | {one.id: one for held in (*row.roles.values(), row.denied_by) for one in held}


def _entities(connection: Connection, named: Mapping[str, Named]) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for some in slices(sorted(named)):
        for row in connection.execute(select(entity_rows).where(entity_rows.c.id.in_(some))):
            found[row.id] = Entity(id=row.id, name=row.name, country=row.country, category=row.category)
    known = gazetteer()
    return {one: known.get(one) or found.get(one) or Entity(id=one, name=named[one].name) for one in named}
