"""Everything behind one claim, document or entity: where it stands, what reviewers said of it, and which deals it is part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from rasad.claims import Claim, decoded
from rasad.gazetteer import entities as gazetteer
from rasad.register import listing
from rasad.register.database import slices
from rasad.register.deals import SHOWN, Evidence, Publication, names, published
from rasad.register.identity import Link
from rasad.register.listing import Filters
from rasad.register.log import log
from rasad.register.relink import KINDS, links_in, links_into, links_of
from rasad.register.review import Log, Review
from rasad.register.rows import Named, Row, rows
from rasad.register.schema import atoms, claims, deals, documents, mentions
from rasad.register.schema import entities as entity_rows
from rasad.register.search import Hit

_KINDS_OF_ITEM = ("system", "class", "category")


class ShownClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it was read, and as it stands after review (None: rejected); the independent source that it comes from, every
    appearance of its document, and the deals and relations that it is part of."""

    claim: Claim
    standing: Claim | None
    document: str
    source: Named
    publications: tuple[Publication, ...]
    reviews: tuple[Review, ...]
    rows: tuple[Row, ...]


class ShownDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A text with every appearance of it, those of its near-copies, whom it credits, and its claims."""

    id: str
    language: str | None
    reader: str
    origin: Named | None
    publications: tuple[Publication, ...]
    copies: tuple[Publication, ...]
    claims: tuple[Evidence, ...]
    text: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A name of an entity in one language, with how many claims call it so, and in which documents."""

    text: str
    language: str | None
    claims: int
    documents: tuple[str, ...]


class ShownEntity(msgspec.Struct, frozen=True, kw_only=True):
    """An entity with every name under which it was seen; what reviewers merged it into, or into it; by which links it is another
    one (``linked_into``), or others are it (``linked``), as Rasad found; how many claims name it, and some of them in full; and
    the deals and relations that it is a party to, or the thing of, best supported first."""

    id: str
    name: str
    country: str | None
    category: str | None
    in_gazetteer: bool
    merged_into: str | None
    merged: tuple[str, ...]
    linked_into: tuple[Link, ...]
    linked: tuple[Link, ...]
    names: tuple[Seen, ...]
    claims: int
    evidence: tuple[Evidence, ...]
    deals: int
    rows: tuple[Row, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found, with where it was printed and the claims that rest on these words."""

    hit: Hit
    language: str | None
    publications: tuple[Publication, ...]
    claims: tuple[Claim, ...]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much a register holds."""

    documents: int
    claims: int
    deals: int
    relations: int


def claim(connection: Connection, identifier: str) -> ShownClaim | None:
    """A claim by its id; None where there is none."""
    row = connection.execute(select(claims).where(claims.c.id == identifier)).first()
    if row is None:
        return None
    decisions = log(connection)
    found = decoded(row.body)
    return ShownClaim(
        claim=found, standing=decisions.applied(found, row.document, links_in(connection, [identifier])), document=row.document, source=named_source(connection, row.source),
        publications=printed(connection, [row.document]).get(row.document, ()), reviews=_reviews(decisions, found, row.document),
        rows=rows_of(connection, [identifier]).get(identifier, ()),
    )  # fmt: skip


def document(connection: Connection, identifier: str) -> ShownDocument | None:
    """A document by its id; None where there is none."""
    row = connection.execute(select(documents).where(documents.c.id == identifier)).first()
    if row is None:
        return None
    like = select(documents.c.id).where(documents.c.copies == row.copies, documents.c.id != identifier)
    copies = list(connection.scalars(like.order_by(documents.c.id).limit(SHOWN)))
    own = select(claims.c.id).where(claims.c.document == identifier).order_by(claims.c.start, claims.c.id)
    where = printed(connection, [identifier, *copies])
    return ShownDocument(
        id=identifier, language=row.language, reader=row.reader, text=row.text,
        origin=named_source(connection, row.origin) if row.origin else None, publications=where.get(identifier, ()),
        copies=tuple(p for copy in copies for p in where.get(copy, ())),
        claims=evidence(connection, list(connection.scalars(own))),
    )  # fmt: skip


def entity(connection: Connection, identifier: str, shown: int = SHOWN) -> ShownEntity | None:
    """An entity by its id, with at most ``shown`` of its claims, and of its deals; None where nothing has that id."""
    known = gazetteer().get(identifier)
    held: Any = known or connection.execute(select(entity_rows).where(entity_rows.c.id == identifier)).first()
    if held is None:
        return None
    decisions = log(connection)
    merged = tuple(sorted(old for old in decisions.merged if decisions.entity(old) == identifier))
    linked = [link for one in (identifier, *merged) for link in links_into(connection, one)]
    named = _claims_of(connection, identifier, {*merged, *(link.entity for link in linked)}, decisions)
    which = Filters(**{"item" if identifier.partition(":")[0] in _KINDS_OF_ITEM else "party": identifier})  # type: ignore[arg-type]
    into = decisions.entity(identifier)
    return ShownEntity(
        id=identifier, name=held.name, country=held.country, category=held.category, in_gazetteer=known is not None,
        merged_into=into if into != identifier else None, merged=merged,
        linked_into=tuple(links_of(connection, identifier)), linked=tuple(linked), names=_seen(connection, [identifier, *merged], linked),
        claims=len(named), evidence=evidence(connection, named[:shown]), deals=listing.counted(connection, which),
        rows=tuple(rows(connection, listing.listed(connection, msgspec.structs.replace(which, limit=shown)))),
    )  # fmt: skip


def found(connection: Connection, hits: Sequence[Hit]) -> list[Found]:
    """What stands behind the hits of a search, in their order."""
    wanted, starts = sorted({hit.document for hit in hits}), {hit.start for hit in hits}
    where = printed(connection, wanted)
    languages: dict[str, str | None] = {}
    resting: dict[tuple[str, int, int], list[Claim]] = {}
    for some in slices(wanted):
        spoken = select(documents.c.id, documents.c.language).where(documents.c.id.in_(some))
        languages |= dict(connection.execute(spoken).all())
        here = (claims.c.document.in_(some), claims.c.start.in_(starts))
        for row in connection.execute(select(claims).where(*here).order_by(claims.c.id)):
            resting.setdefault((row.document, row.start, row.end), []).append(decoded(row.body))
    return [
        Found(
            hit=hit, language=languages.get(hit.document), publications=where.get(hit.document, ()),
            claims=tuple(resting.get((hit.document, hit.start, hit.end), ())),
        )
        for hit in hits
    ]  # fmt: skip


def counts(connection: Connection) -> Counts:
    """How much the register holds."""
    kinds = select(deals.c.kind, func.count()).group_by(deals.c.kind)
    of: dict[str, int] = dict(connection.execute(kinds).all())
    return Counts(
        documents=connection.scalar(select(func.count()).select_from(documents)) or 0,
        claims=connection.scalar(select(func.count()).select_from(claims)) or 0,
        deals=of.get("deal", 0),
        relations=of.get("relation", 0),
    )


def rows_of(connection: Connection, wanted: Iterable[str]) -> dict[str, tuple[Row, ...]]:
    """The deals and relations that each claim is part of; nothing of those that were rejected."""
    pairs: list[tuple[str, str]] = []
    for some in slices(sorted(set(wanted))):
        part_of = (
            select(atoms.c.claim, atoms.c.deal).where(atoms.c.claim.in_(some), atoms.c.deal.is_not(None)).distinct()
        )
        pairs += connection.execute(part_of.order_by(atoms.c.claim, atoms.c.deal))
    summaries: list[Mapping[str, Any]] = []
    for some in slices(sorted({deal for _, deal in pairs})):
        summaries += [dict(row) for row in connection.execute(select(deals).where(deals.c.deal.in_(some))).mappings()]
    held = {row.id: row for row in rows(connection, summaries)}
    return {
        claim: tuple(held[deal] for _, deal in parts if deal in held)
        for claim, parts in groupby(pairs, lambda pair: pair[0])
    }


def evidence(connection: Connection, wanted: Sequence[str]) -> tuple[Evidence, ...]:
    """Claims in full, in the order of their ids that is given."""
    decisions = log(connection)
    held = {
        row.id: row
        for some in slices(wanted)
        for row in connection.execute(select(claims).where(claims.c.id.in_(some)))
    }
    where = printed(connection, sorted({row.document for row in held.values()}))
    told: list[Evidence] = []
    for row in (held[identifier] for identifier in wanted if identifier in held):
        found = decoded(row.body)
        told.append(
            Evidence(
                claim=found, document=row.document, source=row.source, publications=where.get(row.document, ()),
                review=decisions.status(found, row.document),
            )
        )  # fmt: skip
    return tuple(told)


def printed(connection: Connection, wanted: Sequence[str]) -> dict[str, tuple[Publication, ...]]:
    """Every appearance of each document."""
    return {document: tuple(held) for document, held in published(connection, wanted).items()}


def _reviews(decisions: Log, claim: Claim, document: str) -> tuple[Review, ...]:
    """The lines that hold and say something of a claim."""
    parted = [line for line in decisions.lines if line.action == "part" and claim.id in line.content["claims"]]
    return tuple(sorted([*decisions.of(claim, document), *parted], key=lambda line: line.id))


def _claims_of(connection: Connection, identifier: str, others: Iterable[str], decisions: Log) -> list[str]:
    """The claims that mean an entity after review, under its id or those of others; the surest first."""
    parted = {line.subject for line in decisions.lines if line.action == "part" and line.content["into"] == identifier}
    naming = (
        select(claims.c.id, claims.c.document, claims.c.confidence, mentions.c.entity)
        .join(mentions, mentions.c.claim == claims.c.id)
        .where(mentions.c.entity.in_({identifier, *others, *parted}))
        .distinct()
    )
    rows = connection.execute(naming).all()
    links = links_in(connection, sorted({row.id for row in rows})) if identifier.startswith(KINDS) else {}
    stands = decisions.entity(identifier)
    meant = {
        (-row.confidence, row.id) for row in rows if decisions.meant(row.entity, row.id, row.document, links) == stands
    }
    return [held for _, held in sorted(meant)]


def _seen(connection: Connection, own: Iterable[str], linked: Iterable[Link]) -> tuple[Seen, ...]:
    """The names of an entity, the commonest first: those of its own ids, and those of others where they are linked to it."""
    own, places = {*own}, {(link.entity, link.document) for link in linked}
    naming = (
        select(
            mentions.c.text,
            documents.c.language,
            documents.c.id,
            mentions.c.entity,
            func.count(mentions.c.claim.distinct()),
        )
        .join(claims, claims.c.id == mentions.c.claim)
        .join(documents, documents.c.id == claims.c.document)
        .where(mentions.c.entity.in_(own | {entity for entity, _ in places}))
        .group_by(mentions.c.text, documents.c.language, documents.c.id, mentions.c.entity)
        .order_by(documents.c.id, mentions.c.entity)
    )
    grouped: dict[tuple[str, str | None], list[tuple[str, int]]] = {}
    for text, language, document, entity, count in connection.execute(naming):
        if entity in own or (entity, document) in places or (entity, "") in places:
            grouped.setdefault((text, language), []).append((document, count))
    seen = [
        Seen(
            text=text,
            language=language,
            claims=sum(n for _, n in where),
            documents=tuple(dict.fromkeys(d for d, _ in where)),
        )
        for (text, language), where in grouped.items()
    ]
    return tuple(sorted(seen, key=lambda s: (-s.claims, s.language or "", s.text)))


def named_source(connection: Connection, source: str) -> Named:
    """A source with its name: whom it credits; a group of near-copies is named after its first."""
    if not source.startswith("doc-"):
        return Named(source, names(connection, [source])[source])
    first = printed(connection, [source]).get(source, ())
    return Named(source, first[0].printed_by if first else source)
