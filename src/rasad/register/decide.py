"""Reviews made: each checked against what is there, written to the log, and carried out, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, select

from rasad.claims import decoded
from rasad.gazetteer import entities as gazetteer
from rasad.register.database import writing
from rasad.register.gather import gather
from rasad.register.log import append, latest_on, lines, log
from rasad.register.relink import links_into
from rasad.register.review import Action, MeanwhileError, Review, ReviewError, corrected, undone
from rasad.register.schema import atoms, claims, deals, entities, mentions
from rasad.register.store import add_stale, make_atoms, now


def accept(engine: Engine, claim: str, *, reviewer: str, reason: str = "", seen: int | None = None) -> Review:
    """Says that a claim is what its text says. ``seen``: the last review of it that the reviewer has seen (0: none), where that is to be
    checked. Raises ReviewError; MeanwhileError where somebody decided after that."""
    return _on_claim(engine, "accept", claim, {}, reviewer, reason, seen)


def reject(engine: Engine, claim: str, *, reviewer: str, reason: str = "", seen: int | None = None) -> Review:
    """Says that a claim is not what its text says; it takes part in no deal any more."""
    return _on_claim(engine, "reject", claim, {}, reviewer, reason, seen)


def correct(
    engine: Engine, claim: str, fields: Mapping[str, Any], *, reviewer: str, reason: str = "", seen: int | None = None
) -> Review:
    """Says what a claim should have been: see :func:`rasad.register.review.corrected` for the fields."""
    if not fields:
        raise ReviewError("a correction names at least one field, as in stage=ordered")
    return _on_claim(engine, "correct", claim, {"fields": dict(fields)}, reviewer, reason, seen)


def join(engine: Engine, first: str, second: str, *, reviewer: str, reason: str = "") -> Review:
    """Says that two deals, or two relations, are one; the first keeps its id."""
    with writing(engine) as connection:
        rows = [_deal(connection, identifier) for identifier in (first, second)]
        if first == second:
            raise ReviewError(f"{first}: is one already")
        if rows[0].frame != rows[1].frame:
            raise ReviewError(
                f"{first} is a {rows[0].frame}, {second} a {rows[1].frame}: only like things can be joined"
            )
        content = {
            "deals": [first, second],
            "atoms": [_atoms_of(connection, identifier) for identifier in (first, second)],
        }
        return _rearranged(connection, "join", first, content, reviewer, reason)


def split(engine: Engine, deal: str, chosen: Sequence[str], *, reviewer: str, reason: str = "") -> Review:
    """Says that some claims of a deal or relation are another one."""
    with writing(engine) as connection:
        _deal(connection, deal)
        there = connection.execute(select(atoms.c.atom, atoms.c.claim).where(atoms.c.deal == deal)).all()
        for claim in chosen:
            if all(claim != c for _, c in there):
                raise ReviewError(f"{claim}: is no claim of {deal}; `rasad show {deal}` lists them")
        moved = sorted(atom for atom, claim in there if claim in chosen)
        if not moved or len(moved) == len(there):
            raise ReviewError(f"{deal}: a split takes some of its claims, not {'all' if moved else 'none'}")
        return _rearranged(connection, "split", deal, {"deals": [deal], "atoms": [moved]}, reviewer, reason)


def merge(engine: Engine, entity: str, into: str, *, reviewer: str, reason: str = "") -> Review:
    """Says that two entities are one; ``into`` is the id that stays."""
    with writing(engine) as connection:
        decisions = log(connection)
        for identifier in (entity, into):
            _entity(connection, identifier)
        if entity == into or decisions.entity(into) == entity:
            raise ReviewError(f"{entity} and {into}: are one already")
        if entity.partition(":")[0] != into.partition(":")[0]:
            raise ReviewError(f"{entity} and {into}: are of different kinds and cannot be one")
        named = _claims_naming(connection, entity)
        return _written(connection, "merge", entity, {"into": into}, reviewer, reason, named)


def part(engine: Engine, entity: str, chosen: Sequence[str], into: str, *, reviewer: str, reason: str = "") -> Review:
    """Says that some claims that name an entity mean another one, ``into`` (an id of the same kind, which may be new)."""
    with writing(engine) as connection:
        _entity(connection, entity)
        if entity.partition(":")[0] != into.partition(":")[0] or not into.partition(":")[2]:
            raise ReviewError(
                f"{into!r}: the other one needs an id of the same kind, as {entity.partition(':')[0]}:NAME"
            )
        named = _claims_naming(connection, entity)
        for claim in chosen:
            if claim not in named:
                raise ReviewError(f"{claim}: does not name {entity}; `rasad show {entity}` lists the claims that do")
        return _written(connection, "part", entity, {"claims": sorted(chosen), "into": into}, reviewer, reason, chosen)


def undo(engine: Engine, review: int, *, reviewer: str, reason: str = "") -> Review:
    """Takes an earlier review back. An undo can be undone too."""
    with writing(engine) as connection:
        every = {line.id: line for line in lines(connection)}
        if review not in every:
            raise ReviewError(f"{review}: there is no such review; `rasad review log` lists them")
        if review in undone([*every.values()]):
            raise ReviewError(f"{review}: was undone already")
        target = every[review]
        while target.action == "undo":
            target = every[int(target.content["undoes"])]
        written = append(connection, now(), reviewer, "undo", str(review), {"undoes": review}, reason)
        if target.action in ("join", "split"):
            _stale_atoms(connection, target)
        else:
            make_atoms(connection, _touched(connection, target))
        gather(connection)
        return written


def _touched(connection: Connection, line: Review) -> list[str]:
    """The claims that a review on a claim or an entity changes."""
    if line.action in ("accept", "reject", "correct"):
        held = line.content["claim"]
        rows = select(claims.c.id).where(claims.c.id == line.subject)
        return list(connection.scalars(rows)) or list(
            connection.scalars(
                select(claims.c.id).where(
                    claims.c.document == line.content["document"], claims.c.frame == held["frame"]
                )
            )
        )
    return _claims_naming(connection, line.subject) if line.action == "merge" else list(line.content["claims"])


def _on_claim(
    engine: Engine, action: Action, claim: str, content: dict[str, Any], reviewer: str, reason: str, seen: int | None
) -> Review:
    with writing(engine) as connection:
        last = None if seen is None else latest_on(connection, claim)
        if last is not None and last.id > (seen or 0):
            raise MeanwhileError(claim, last)
        row = connection.execute(select(claims.c.document, claims.c.body).where(claims.c.id == claim)).first()
        if row is None:
            raise ReviewError(f"{claim}: there is no such claim; it may have gone when its document was read again")
        if "fields" in content:
            corrected(decoded(row.body), content["fields"])  # raises where it cannot be
        content |= {"document": row.document, "claim": msgspec.json.decode(row.body)}
        return _written(connection, action, claim, content, reviewer, reason, [claim])


def _written(
    connection: Connection,
    action: Action,
    subject: str,
    content: dict[str, Any],
    reviewer: str,
    reason: str,
    changed: Sequence[str],
) -> Review:
    """Writes a line, makes the atoms of the claims that it changes anew, and gathers them."""
    written = append(connection, now(), reviewer, action, subject, content, reason)
    make_atoms(connection, changed)
    gather(connection)
    return written


def _rearranged(
    connection: Connection, action: Action, subject: str, content: dict[str, Any], reviewer: str, reason: str
) -> Review:
    written = append(connection, now(), reviewer, action, subject, content, reason)
    _stale_atoms(connection, written)
    gather(connection)
    return written


def _stale_atoms(connection: Connection, line: Review) -> None:
    held = [atom for some in line.content["atoms"] for atom in some]
    add_stale(connection, set(connection.scalars(select(atoms.c.block).where(atoms.c.atom.in_(held)).distinct())))


def _deal(connection: Connection, identifier: str) -> Any:
    row = connection.execute(select(deals).where(deals.c.deal == identifier)).first()
    if row is None:
        raise ReviewError(
            f"{identifier}: there is no such deal or relation; what is known of it may have changed since"
        )
    return row


def _atoms_of(connection: Connection, identifier: str) -> list[str]:
    return list(connection.scalars(select(atoms.c.atom).where(atoms.c.deal == identifier).order_by(atoms.c.atom)))


def _entity(connection: Connection, identifier: str) -> None:
    if (
        identifier not in gazetteer()
        and connection.scalar(select(entities.c.id).where(entities.c.id == identifier)) is None
    ):
        raise ReviewError(f"{identifier}: there is no such entity; `rasad entities` lists them")


def _claims_naming(connection: Connection, entity: str) -> list[str]:
    """The claims that name an entity, or another that was merged with it or linked to it."""
    decisions = log(connection)
    merged = {old for old in decisions.merged if decisions.entity(old) == entity}
    names = {entity, *merged, *(link.entity for one in (entity, *merged) for link in links_into(connection, one))}
    return list(
        connection.scalars(
            select(mentions.c.claim).where(mentions.c.entity.in_(names)).distinct().order_by(mentions.c.claim)
        )
    )
