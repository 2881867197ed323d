"""What claims say of relations, as it stands after review: who says it, how surely, in which words, and when it was printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select

from rasad.claims import Claim, decoded
from rasad.register.database import plain, slices
from rasad.register.deals import CERTAINTIES
from rasad.register.log import log
from rasad.register.relink import links_from
from rasad.register.review import Log
from rasad.register.rows import Named
from rasad.register.schema import atoms, claims, deals, entities, publications
from rasad.reports.wording import wording

ITSELF = Named("", "the report itself")  #: who speaks where no speaker is named


class Voice(NamedTuple):
    """One claim's part in a relation. ``label``: the offence, standing or stance; ``date``: of its first publication (ISO 8601, as
    far as it is known); ``year``: that of which it tells; ``speaker``: the nearest."""

    deal: str
    frame: str
    claim: str
    document: str
    source: str
    actor: str | None
    partner: str | None
    third: str | None
    item: str | None
    label: str | None
    certainty: str
    denied: bool
    finding: str | None
    year: int | None
    date: str | None
    speaker: Named
    words: str
    language: str | None

    @property
    def told(self) -> int | None:
        """The year of which it tells; where it tells none, that of its publication."""
        return self.year or (int(self.date[:4]) if self.date and self.date[:4].isdigit() else None)


def voices(connection: Connection, where: ColumnElement[bool]) -> list[Voice]:
    """What the claims say whose atoms are such, by date; those without one last."""
    return _heard(connection, _rows(connection, where))


def voices_of(connection: Connection, relations: Iterable[str]) -> list[Voice]:
    """What is said in these relations, by date; what has none last."""
    every = [row for some in slices(sorted(relations)) for row in _rows(connection, atoms.c.deal.in_(some))]
    return _heard(connection, every)


_Row = tuple[Any, ...]  #: the first fields of a Voice, and the body of the claim


def _rows(connection: Connection, where: ColumnElement[bool]) -> list[_Row]:
    printed = select(func.min(publications.c.published)).where(publications.c.document == atoms.c.document)
    query = select(
        *(atoms.c[name] for name in ("deal", "frame", "claim", "document", "source", "actor", "partner", "third", "item")),
        atoms.c.label, atoms.c.certainty, atoms.c.polarity == "negative", atoms.c.finding, atoms.c.year,
        printed.scalar_subquery(), claims.c.body,
    )  # fmt: skip
    behind = query.join(claims, claims.c.id == atoms.c.claim).where(where, atoms.c.deal.is_not(None))
    return plain(connection, behind.order_by(atoms.c.atom))


def _heard(connection: Connection, rows: Sequence[_Row]) -> list[Voice]:
    """What rows say as it stands, by date."""
    standing = _standing(connection, {row[2]: (row[-1], row[3]) for row in rows})
    found = [Voice._make(row[:-1] + standing[row[2]]) for row in rows if row[2] in standing]
    return sorted(found, key=_when)


def _when(voice: Voice) -> tuple[str, int]:
    return voice.date or "~", voice.told or 9999


class _Body(msgspec.Struct):
    """What is read of the body of a claim."""

    attribution: tuple[Named, ...]
    evidence: _Quoted
    language: str | None


class _Quoted(msgspec.Struct):
    quote: str


_BODY = msgspec.json.Decoder(_Body)


def speakers_of(connection: Connection, identifiers: Iterable[str]) -> dict[str, tuple[Named, ...]]:
    """Who says each claim, as it was read."""
    bodies = select(claims.c.id, claims.c.body)
    return {
        claim: _BODY.decode(body).attribution
        for some in slices(sorted(identifiers))
        for claim, body in plain(connection, bodies.where(claims.c.id.in_(some)))
    }


def _standing(connection: Connection, found: Mapping[str, tuple[str, str]]) -> dict[str, tuple[Named, str, str | None]]:
    """Speaker, words and language of the claims of these bodies and documents, as they stand."""
    decisions = log(connection)
    read = {identifier: _BODY.decode(body) for identifier, (body, _) in found.items()}
    links = links_from(connection, {one.attribution[0].id for one in read.values() if one.attribution})
    called = cache(_called)
    standing: dict[str, tuple[Named, str, str | None]] = {}
    for identifier, (body, document) in found.items():
        said: _Body | Claim | None = read[identifier]
        if decisions.touch(identifier, document) or _is_other(read[identifier], identifier, document, decisions, links):
            said = decisions.applied(decoded(body), document, links)
        if said is not None:
            nearest = said.attribution[0] if said.attribution else None
            known = called(nearest.id, nearest.name) if nearest else ITSELF
            standing[identifier] = (known, said.evidence.quote, said.language)
    return standing


def _is_other(said: _Body, claim: str, document: str, decisions: Log, links: Mapping[tuple[str, str], str]) -> bool:
    """Whether the nearest speaker is somebody else than the claim says."""
    if not said.attribution or not (links or decisions.renames):
        return False
    speaker = said.attribution[0].id
    return decisions.meant(speaker, claim, document, links) != speaker


def _called(identifier: str, name: str) -> Named:
    return Named(identifier, wording().speakers.get(identifier, name))


# What a row tells of its voices.


def speakers(some: Iterable[Voice]) -> tuple[Named, ...]:
    """Who speaks, each once."""
    return tuple(dict.fromkeys(voice.speaker for voice in some))


def sources(some: Iterable[Voice]) -> int:
    """How many independent sources they are."""
    return len({voice.source for voice in some})


def reports(some: Iterable[Voice]) -> int:
    """How many texts they stand in."""
    return len({voice.document for voice in some})


def surest(some: Iterable[Voice]) -> str:
    """How surely it is said by whoever says it most surely."""
    return min((voice.certainty for voice in some), key=CERTAINTIES.index)


def dates(some: Iterable[Voice]) -> tuple[str | None, str | None]:
    """The first and the last date of report."""
    known = [voice.date for voice in some if voice.date]
    return min(known, default=None), max(known, default=None)


# Which relations.


def within(first: int | None, last: int | None) -> list[ColumnElement[bool]]:
    """The relations with a claim that tells of these years, or was published in them where it tells none."""
    if first is None and last is None:
        return []
    year = func.coalesce(atoms.c.year, atoms.c.published)
    bounds = [year >= first] if first is not None else []
    bounds += [year <= last] if last is not None else []
    return [select(atoms.c.atom).where(atoms.c.deal == deals.c.deal, *bounds).exists()]


def one_of_its(column: ColumnElement[str | None], entity: str) -> ColumnElement[bool]:
    """Whether somebody stands in a column or, where it is a state, an organisation or person of that state."""
    if not entity.startswith("country:"):
        return column == entity
    own = select(entities.c.id).where(entities.c.country == entity.removeprefix("country:"))
    return or_(column == entity, column.in_(own))


def period(first: int | None, last: int | None) -> str:
    """The years that were asked for, as words after a comma; nothing where none were."""
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f", from {first} on" if last is None else f", until {last}"
    return f", {first}" if first == last else f", {first}–{last}"
