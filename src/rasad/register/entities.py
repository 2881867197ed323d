"""Who and what a register names: each entity once, whatever it is called, with how often and where it is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select, true

from rasad.gazetteer import entities as gazetteer
from rasad.languages.words import fold
from rasad.ontology import KINDS
from rasad.register.database import slices
from rasad.register.deals import names
from rasad.register.listing import FilterError
from rasad.register.log import log
from rasad.register.review import Log
from rasad.register.schema import claims, links, mentions
from rasad.reports.near import nearest


class NamedEntity(msgspec.Struct, frozen=True, kw_only=True):
    """An entity with the number of claims and documents that name it, and the forms in which they do, the commonest first. What a
    reviewer merged or Rasad linked is one. ``in_gazetteer``: whether Rasad knows it by name."""

    id: str
    name: str
    kind: str
    in_gazetteer: bool
    claims: int
    documents: int
    forms: tuple[str, ...]


class NamedEntities(msgspec.Struct, frozen=True):
    """Some entities, the most often named first, and how many there are."""

    entities: tuple[NamedEntity, ...]
    total: int


class _Count(NamedTuple):
    entity: str
    claims: int
    documents: int


def listed(
    connection: Connection, name: str | None = None, kind: str | None = None, limit: int | None = None
) -> NamedEntities:
    """The entities of a kind (country, org, person, system …) that have a name in any of their forms, or in their id. Raises
    FilterError for a kind that there is not."""
    if kind is not None and kind not in KINDS:
        raise FilterError(f"kind: {kind!r} is not one of {', '.join(sorted(KINDS))}{nearest(kind, KINDS)}")
    decisions = log(connection)
    meant = means(decisions)
    if name is None:
        counted = _counted(connection, meant, mentions.c.entity.startswith(f"{kind}:") if kind else true())
    else:
        counted = _called(connection, decisions, name, kind)
    some = counted if limit is None else counted[:limit]
    forms = _forms(connection, decisions, [row.entity for row in some])
    known = names(connection, [row.entity for row in some])
    told = tuple(
        NamedEntity(
            id=row.entity, name=known[row.entity], kind=row.entity.partition(":")[0], in_gazetteer=row.entity in gazetteer(),
            claims=row.claims, documents=row.documents, forms=forms.get(row.entity, ()),
        )
        for row in some
    )  # fmt: skip
    return NamedEntities(told, len(counted))


def means(decisions: Log) -> ColumnElement[str]:
    """Whom a mention means, in SQL: the same as :meth:`rasad.register.review.Log.meant`."""
    linked = func.coalesce(links.c.into, mentions.c.entity)
    return _reviewed(decisions, mentions.c.entity, _reviewed(decisions, linked, linked))


def _reviewed(decisions: Log, entity: ColumnElement[str], otherwise: ColumnElement[str]) -> ColumnElement[str]:
    parted = [
        (and_(entity == line.subject, mentions.c.claim.in_(line.content["claims"])), literal(line.content["into"]))
        for line in reversed(decisions.lines)
        if line.action == "part"
    ]
    merged = [(entity == old, literal(decisions.entity(old))) for old in sorted(decisions.merged)]
    return case(*parted, *merged, else_=otherwise) if parted or merged else otherwise


def placed(*columns: Any) -> Any:
    """Of mentions, with their claims and with the links that hold for them."""
    here = and_(links.c.entity == mentions.c.entity, or_(links.c.document == "", links.c.document == claims.c.document))
    return select(*columns).select_from(mentions).join(claims, claims.c.id == mentions.c.claim).outerjoin(links, here)


def _counted(connection: Connection, meant: ColumnElement[str], which: ColumnElement[bool]) -> list[_Count]:
    """The entities that some mentions mean, the most often named first."""
    entity = meant.label("meant")
    counts = (func.count(mentions.c.claim.distinct()), func.count(claims.c.document.distinct()))
    rows = connection.execute(placed(entity, *counts).where(which).group_by(entity))
    return sorted((_Count(*row) for row in rows), key=lambda row: (-row.claims, row.entity))


def _called(connection: Connection, decisions: Log, name: str, kind: str | None) -> list[_Count]:
    """Those that have a name in one of their forms, in any case and script as it is folded, or in their id."""
    words, meant, wanted = fold(name), means(decisions), set()
    for some in slices(_having(connection, words, kind)):
        wanted |= set(connection.scalars(placed(meant).where(mentions.c.entity.in_(some)).distinct()))
    found: list[_Count] = []
    for some in slices(sorted(wanted)):
        every = _counted(connection, meant, mentions.c.entity.in_(named_as(connection, decisions, some)))
        found += [row for row in every if row.entity in some]
    return sorted(found, key=lambda row: (-row.claims, row.entity))


def _having(connection: Connection, words: str, kind: str | None) -> list[str]:
    """The ids that these words are part of, or of a name of theirs."""
    of_kind = mentions.c.entity.startswith(f"{kind}:") if kind else true()
    pairs = connection.execute(select(mentions.c.entity, mentions.c.text).where(of_kind).distinct()).all()
    known = names(connection, {entity for entity, _ in pairs})
    called = {entity for entity, name in known.items() if words in fold(name) or words in fold(entity)}
    return sorted(called | {entity for entity, text in pairs if words in fold(text)})


def _forms(connection: Connection, decisions: Log, wanted: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    meant, often = means(decisions), func.count(mentions.c.claim.distinct())
    for some in slices(wanted):
        named = mentions.c.entity.in_(named_as(connection, decisions, some))
        query = placed(meant, mentions.c.text, often).where(named).group_by(meant, mentions.c.text)
        for entity, text, _ in sorted(connection.execute(query), key=lambda row: (row[0], -row[2], row[1])):
            found.setdefault(entity, []).append(text)
    return {entity: tuple(texts) for entity, texts in found.items()}


def named_as(connection: Connection, decisions: Log, wanted: Sequence[str]) -> set[str]:
    """The ids under which mentions may stand that mean these."""
    linked = set(connection.scalars(select(links.c.entity).where(links.c.into.in_(wanted))))
    merged = {old for old in decisions.merged if decisions.entity(old) in wanted}
    through = set(connection.scalars(select(links.c.entity).where(links.c.into.in_(merged)))) if merged else set()
    parted = {line.subject for line in decisions.lines if line.action == "part" and line.content["into"] in wanted}
    return {*wanted, *linked, *merged, *through, *parted}
