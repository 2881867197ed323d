"""The links of persons and organisations, kept in the register: found anew for the blocks of names that documents touched, and
applied to claims like a reviewer's merge, whose decisions go before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from sqlalchemy import Connection, delete, insert, or_, select

from rasad.gazetteer import entities as gazetteer
from rasad.register.database import slices
from rasad.register.identity import MENTIONS, Link, Reason, linked
from rasad.register.naming import block
from rasad.register.schema import claims, entities, links, mentions

KINDS = ("person:", "org:")  #: the beginnings of ids that are linked
EVERYTHING = "who is who"  #: as a stale block: every name is to be linked anew, after an upgrade


class _Explanation(msgspec.Struct, frozen=True):
    """What the column ``explanation`` holds."""

    compared: str
    reasons: tuple[Reason, ...]


def is_linkable(entity: str) -> bool:
    """Whether an entity is linked across documents: a person or organisation that the gazetteer does not know."""
    return entity.startswith(KINDS) and entity not in gazetteer()


def linkable_in(connection: Connection, documents: Iterable[str]) -> set[str]:
    """Those whom documents name and who are linked across documents."""
    named: set[str] = set()
    for some in slices(sorted(documents)):
        naming = select(mentions.c.entity).join(claims, claims.c.id == mentions.c.claim)
        named |= set(
            connection.scalars(naming.where(claims.c.document.in_(some), mentions.c.name.is_not(None)).distinct())
        )
    return set(filter(is_linkable, named))


def relink(connection: Connection, touched: Iterable[str]) -> list[str]:
    """Finds the links anew in the blocks of these entities; gives the claims that now mean somebody else than before."""
    blocks = {block(entity) for entity in touched if is_linkable(entity)}
    return _relink(connection, [e for e in _linkable(connection) if block(e) in blocks]) if blocks else []


def relink_everything(connection: Connection) -> list[str]:
    """Finds all links anew; gives the claims that now mean somebody else than before."""
    return _relink(connection, _linkable(connection))


def _linkable(connection: Connection) -> list[str]:
    kinds = or_(*(entities.c.id.startswith(kind) for kind in KINDS))
    return sorted(filter(is_linkable, connection.scalars(select(entities.c.id).where(kinds))))


def _relink(connection: Connection, members: Sequence[str]) -> list[str]:
    before = {
        (link.entity, link.document): link
        for some in slices(members)
        for link in _of(connection, links.c.entity.in_(some))
    }
    after = {(link.entity, link.document): link for link in linked(_mentions(connection, members))}
    if before == after:
        return []
    for some in slices(sorted({entity for entity, _ in before})):
        connection.execute(delete(links).where(links.c.entity.in_(some)))
    if after:
        connection.execute(insert(links), [_row(link) for link in after.values()])
    changed = {key for key in before.keys() | after.keys() if _into(before.get(key)) != _into(after.get(key))}
    return _claims_naming(connection, changed)


def _into(link: Link | None) -> str | None:
    return link.into if link else None


def _mentions(connection: Connection, members: Sequence[str]) -> pa.Table:
    held = (
        mentions.c.entity,
        claims.c.document,
        mentions.c.name,
        mentions.c.title,
        mentions.c.organisation,
        mentions.c.country,
    )
    rows: list[Any] = []
    for some in slices(members):
        naming = select(*held).join(claims, claims.c.id == mentions.c.claim)
        rows += connection.execute(naming.where(mentions.c.entity.in_(some), mentions.c.name.is_not(None)).distinct())
    return pa.Table.from_pylist([dict(zip(MENTIONS.names, row, strict=True)) for row in rows], MENTIONS)


def _claims_naming(connection: Connection, changed: set[tuple[str, str]]) -> list[str]:
    """The claims that name an entity in a document (in every document, where that is empty)."""
    found: set[str] = set()
    for some in slices(sorted({entity for entity, _ in changed})):
        naming = select(mentions.c.claim, mentions.c.entity, claims.c.document).join(
            claims, claims.c.id == mentions.c.claim
        )
        for claim, entity, document in connection.execute(naming.where(mentions.c.entity.in_(some)).distinct()):
            if (entity, document) in changed or (entity, "") in changed:
                found.add(claim)
    return sorted(found)


def _row(link: Link) -> dict[str, Any]:
    told = _Explanation(link.compared, link.reasons)
    return {
        "entity": link.entity, "document": link.document, "into": link.into, "probability": link.probability,
        "explanation": msgspec.json.encode(told).decode(),
    }  # fmt: skip


def _of(connection: Connection, which: Any) -> list[Link]:
    found: list[Link] = []
    for row in connection.execute(select(links).where(which).order_by(links.c.entity, links.c.document)):
        told = msgspec.json.decode(row.explanation, type=_Explanation)
        found.append(
            Link(
                entity=row.entity, document=row.document, into=row.into, probability=row.probability, compared=told.compared,
                reasons=told.reasons,
            )
        )  # fmt: skip
    return found


# What is asked of the links.


def links_in(connection: Connection, wanted: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """For claims, by entity and document (empty: in all), whom they mean."""
    naming = (
        select(links.c.entity, links.c.document, links.c.into)
        .join(mentions, mentions.c.entity == links.c.entity)
        .join(claims, claims.c.id == mentions.c.claim)
        .where(or_(links.c.document == "", links.c.document == claims.c.document))
        .distinct()
    )
    return {
        (entity, document): into
        for some in slices(wanted)
        for entity, document, into in connection.execute(naming.where(mentions.c.claim.in_(some)))
    }


def links_from(connection: Connection, wanted: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """For entities, in each document in which they are somebody else (empty: in all), who that is."""
    linkable = sorted(entity for entity in wanted if entity.startswith(KINDS))
    rows = select(links.c.entity, links.c.document, links.c.into)
    return {
        (entity, document): into
        for some in slices(linkable)
        for entity, document, into in connection.execute(rows.where(links.c.entity.in_(some)))
    }


def links_of(connection: Connection, entity: str) -> list[Link]:
    """The links by which an entity is another one."""
    return _of(connection, links.c.entity == entity) if entity.startswith(KINDS) else []


def links_into(connection: Connection, entity: str) -> list[Link]:
    """The links by which others are this entity."""
    return _of(connection, links.c.into == entity) if entity.startswith(KINDS) else []
