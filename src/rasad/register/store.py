"""What was read is stored: a text once, known by its hash; each appearance of it as a publication; its claims, whom they name, and
their atoms. One call is one transaction, and with it go the names of the blocks of atoms that have to be gathered anew: an
interruption at any moment leaves what was stored whole, and the rest undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from rasad.claims import Claim, Document, decoded, document_id
from rasad.gazetteer import entities as gazetteer
from rasad.register import meaning, search
from rasad.register.atoms import Reported, atoms
from rasad.register.database import slices, writing
from rasad.register.independence import sources
from rasad.register.log import log
from rasad.register.relink import is_linkable, linkable_in, links_in, relink
from rasad.register.schema import atoms as atom_rows
from rasad.register.schema import bands as band_rows
from rasad.register.schema import claims as claim_rows
from rasad.register.schema import documents, entities, mentions, publications, stale
from rasad.register.search import Findable
from rasad.sources.copies import LIKE, bands, likeness, signature
from rasad.sources.origins import origin

ORIGINS = frozenset({"media", "institute"})  #: kinds of the gazetteer that a claim can come from


class Read(NamedTuple):
    """A document as it goes into the register, with what made its claims, and the claims.

    ``listed``: the document is a table, each line of it a deal of its own. It is nobody's near-copy, nor looked for by words or
    meaning; and it is an edition: it takes the place of the one that the same outlet had, read by a reader of the same kind
    (``sipri-…``).
    """

    document: Document
    reader: str
    claims: list[Claim]
    listed: bool = False


class Copied(NamedTuple):
    """A text that another, ``of`` (the id of that document), contains wholly, and which was not read therefore."""

    document: Document
    of: str


class Stored(NamedTuple):
    """How many documents were new, read again by a newer reader, printed elsewhere too, already there; and claims stored."""

    new: int = 0
    again: int = 0
    reprinted: int = 0
    unchanged: int = 0
    claims: int = 0

    def __add__(self, other: object) -> Stored:
        """The two together."""
        if not isinstance(other, Stored):
            return NotImplemented
        return Stored(*(a + b for a, b in zip(self, other, strict=True)))


def readers(connection: Connection, wanted: Sequence[Document]) -> dict[str, str]:
    """By hash, what read the documents that are already there."""
    rows = select(documents.c.hash, documents.c.reader).where(documents.c.hash.in_([d.hash for d in wanted]))
    return dict(connection.execute(rows).all())


def store(engine: Engine, read: Sequence[Read]) -> Stored:
    """Stores documents that were read; what is there already, read by the same reader, stays as it is."""
    prepared = _meanings(read)
    total = Stored()
    with writing(engine) as connection:
        known = readers(connection, [entry.document for entry in read])
        fresh: list[Read] = []
        touched: list[str] = []
        named: set[str] = set()
        for entry in read:
            had = known.get(entry.document.hash)
            if entry.listed:
                named |= _withdraw_earlier(connection, entry)
            if had is None:
                _insert_document(connection, entry)
                touched += _take_own(connection, entry.document)
            elif had != entry.reader:
                named |= _forget_claims(connection, document_id(entry.document))
                own = documents.c.id == document_id(entry.document)
                connection.execute(update(documents).where(own).values(reader=entry.reader))
            if had != entry.reader:
                known[entry.document.hash] = entry.reader
                fresh.append(entry)
            appeared = _publish(connection, entry.document)
            if appeared and had is not None:
                touched.append(document_id(entry.document))
            printed = appeared == "printed"
            total += Stored(
                new=had is None, again=had not in (None, entry.reader), claims=len(entry.claims) if had != entry.reader else 0,
                reprinted=printed and had == entry.reader, unchanged=not printed and had == entry.reader,
            )  # fmt: skip
        for entry in fresh:
            _insert_claims(connection, entry)
        search.index(
            connection,
            [
                Findable(document_id(entry.document), entry.document, entry.claims, prepared[entry.document.hash])
                for entry in fresh
                if not entry.listed
            ],
        )
        touched += [document_id(entry.document) for entry in fresh]
        named |= linkable_in(connection, (document_id(entry.document) for entry in fresh))
        _settle(connection, touched, named)
    return total


def store_copies(engine: Engine, copied: Sequence[Copied]) -> tuple[Stored, list[Copied]]:
    """Stores texts that others contain as appearances of these; where the register has one as a document of its own, as an appearance
    of that. Gives with what was stored those that are neither there nor contained in what is there."""
    total = Stored()
    left: list[Copied] = []
    touched: list[str] = []
    with writing(engine) as connection:
        own = readers(connection, [one.document for one in copied])
        wanted = sorted({one.of for one in copied})
        there = {
            found
            for some in slices(wanted)
            for found in connection.scalars(select(documents.c.id).where(documents.c.id.in_(some)))
        }
        for one in copied:
            of = document_id(one.document) if one.document.hash in own else one.of
            if of != document_id(one.document) and of not in there:
                left.append(one)
                continue
            appeared = _publish(connection, one.document, of)
            touched += [of] if appeared else []
            total += Stored(reprinted=appeared == "printed", unchanged=appeared != "printed")
        _settle(connection, touched)
    return total, left


def _settle(connection: Connection, changed: Sequence[str], named: set[str] | frozenset[str] = frozenset()) -> None:
    """Works out anew what follows from documents that changed, and from whom they name, or named."""
    settle_sources(connection, changed)
    make_atoms(connection, [*dict.fromkeys([*claims_of(connection, changed), *relink(connection, named)])])


def claims_of(connection: Connection, wanted: Sequence[str]) -> list[str]:
    """The ids of the claims of documents."""
    found: list[str] = []
    for some in slices(wanted):
        found += connection.scalars(
            select(claim_rows.c.id).where(claim_rows.c.document.in_(some)).order_by(claim_rows.c.id)
        )
    return found


def _meanings(read: Sequence[Read]) -> dict[str, list[search.Meaning]]:
    """What the evidence of documents means, by the hash of each."""
    spans = {
        entry.document.hash: [(entry.document.text, *span) for span in _evidence(entry.claims)]
        for entry in read
        if not entry.listed
    }
    found = iter(meaning.meanings([span for some in spans.values() for span in some]))
    return {text: [*islice(found, len(some))] for text, some in spans.items()}


def _evidence(claims: Iterable[Claim]) -> list[tuple[int, int]]:
    return sorted({(claim.evidence.start, claim.evidence.end) for claim in claims})


def _withdraw_earlier(connection: Connection, entry: Read) -> set[str]:
    """Takes out the earlier editions of a table; gives whom they named. Reviews stay, and hold for what the new edition still
    claims."""
    kind = entry.reader.partition("-")[0]
    earlier = (
        select(documents.c.id)
        .join(publications)
        .where(
            documents.c.reader.startswith(f"{kind}-", autoescape=True),
            publications.c.outlet == (entry.document.outlet or ""),
            documents.c.id != document_id(entry.document),
        )
    )
    named: set[str] = set()
    for identifier in connection.scalars(earlier).all():
        named |= _forget_claims(connection, identifier)
        connection.execute(delete(publications).where(publications.c.document == identifier))
        connection.execute(delete(documents).where(documents.c.id == identifier))
    return named


def _insert_document(connection: Connection, entry: Read) -> None:
    """A new text, in a group with its near-copies."""
    document, identifier = entry.document, document_id(entry.document)
    if entry.listed:
        connection.execute(
            insert(documents).values(
                id=identifier, hash=document.hash, language=document.language, text=document.text, reader=entry.reader,
                copies=identifier,
            )
        )  # fmt: skip
        return
    mark = signature(document.text)
    keys = [str(band) for band in bands(mark)]
    met = select(documents.c.copies, documents.c.signature).join(band_rows, band_rows.c.document == documents.c.id)
    groups = {
        row.copies
        for row in connection.execute(met.where(band_rows.c.band.in_(keys)).distinct())
        if likeness(mark, row.signature) >= LIKE
    }
    group = min(groups | {identifier})
    connection.execute(
        insert(documents).values(
            id=identifier, hash=document.hash, language=document.language, text=document.text, reader=entry.reader, copies=group,
            origin=origin(document.text, document.language), signature=mark,
        )
    )  # fmt: skip
    if groups:
        connection.execute(update(documents).where(documents.c.copies.in_(groups)).values(copies=group))
    _many(connection, band_rows, [{"band": key, "document": identifier} for key in dict.fromkeys(keys)])


def _take_own(connection: Connection, document: Document) -> list[str]:
    """Makes what were appearances of other documents, with the words of this one, appearances of it; gives those documents."""
    mine = publications.c.copy == document.hash
    held = connection.execute(select(publications).where(mine)).all()
    connection.execute(delete(publications).where(mine))
    for row in held:
        known = {name: getattr(row, name) for name in ("name", "title", "author", "outlet", "address", "published")}
        _publish(connection, Document(text=document.text, **known))
    return [row.document for row in held]


def _publish(connection: Connection, document: Document, of: str | None = None) -> Literal["printed", "changed"] | None:
    """Notes an appearance of a text, or of another that contains it; None where nothing of it is new."""
    identifier, outlet = of or document_id(document), document.outlet or ""
    copy = document.hash if identifier != document_id(document) else None
    where = (
        publications.c.document == identifier,
        publications.c.outlet == outlet,
        publications.c.copy.is_not_distinct_from(copy),
    )
    known = connection.execute(select(publications).where(*where)).first()
    if known is not None:
        more = {
            k: getattr(document, k)
            for k in ("title", "author", "address", "published")
            if getattr(document, k) and getattr(known, k) is None
        }
        if not more:
            return None
        connection.execute(update(publications).where(publications.c.id == known.id).values(**more))
        return "changed"
    connection.execute(
        insert(publications).values(
            document=identifier, name=document.name, title=document.title, author=document.author, outlet=outlet,
            address=document.address, published=document.published, read=now(), copy=copy,
        )
    )  # fmt: skip
    return "printed"


def now() -> str:
    """The time, UTC, to the second, as ISO 8601 writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _insert_claims(connection: Connection, entry: Read) -> None:
    identifier = document_id(entry.document)
    rows: list[dict[str, Any]] = []
    named: list[dict[str, Any]] = []
    known: dict[str, dict[str, Any]] = {}
    lines: dict[int, str] = {}
    for claim in entry.claims:
        line = lines.setdefault(claim.evidence.start, claim.id) if entry.listed else None
        rows.append({
            "id": claim.id, "document": identifier, "frame": claim.frame, "start": claim.evidence.start, "end": claim.evidence.end,
            "source": credited(claim) or identifier, "confidence": claim.confidence, "body": msgspec.json.encode(claim).decode(),
            "entry": line,
        })  # fmt: skip
        for role, position, entity, text, row in _named(claim):
            place = {"claim": claim.id, "role": role, "position": position, "entity": entity, "text": text}
            named.append(place | _told(claim, role, position))
            known[entity] = _known_as(row, known.get(entity, row))
    _many(connection, claim_rows, rows)
    _many(connection, mentions, named)
    there: dict[str, dict[str, Any]] = {}
    for some in slices(list(known)):
        stored = connection.execute(select(entities).where(entities.c.id.in_(some))).mappings()
        there |= {row["id"]: dict(row) for row in stored}
    for entity, row in sorted(there.items()):
        if (better := _known_as(row, known[entity])) != row:
            connection.execute(update(entities).where(entities.c.id == entity).values(**better))
    _many(connection, entities, [row for entity, row in sorted(known.items()) if entity not in there])


def _known_as(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What is kept of two rows of an entity, whichever came first: the longer name, of two as long the first in the alphabet;
    of country and category what either tells."""
    either = {
        column: min(filter(None, (one[column], other[column])), default=None) for column in ("country", "category")
    }
    return one | either | {"name": min(one["name"], other["name"], key=lambda name: (-len(name), name))}


def _named(claim: Claim) -> Iterator[tuple[str, int, str, str, dict[str, Any]]]:
    """Whom a claim names: role, place in the role, entity, the words, and the entity's row."""
    for role, fillers in claim.roles.items():
        for position, filler in enumerate(fillers):
            yield (
                role,
                position,
                filler.id,
                filler.text,
                _entity(filler.id, filler.name, filler.country, filler.category),
            )
    for position, speaker in enumerate(claim.attribution):
        yield "speaker", position, speaker.id, speaker.name, _entity(speaker.id, speaker.name, None, None)


def _told(claim: Claim, role: str, position: int) -> dict[str, str | None]:
    """What a claim tells of somebody whom the gazetteer does not know, by which others may turn out to be the same."""
    named: Any = claim.attribution[position] if role == "speaker" else claim.roles[role][position]
    columns = ("name", "title", "organisation", "country")
    return {column: getattr(named, column, None) if is_linkable(named.id) else None for column in columns}


def _entity(identifier: str, name: str, country: str | None, category: str | None) -> dict[str, Any]:
    known = gazetteer().get(identifier)
    if known is not None:
        name, country, category = known.name, known.country, known.category
    return {"id": identifier, "name": name, "country": country, "category": category, "known": known is not None}


def _forget_claims(connection: Connection, identifier: str) -> set[str]:
    """Takes out what an earlier reader made of a document; gives the unknown persons and organisations that it named. Reviews
    stay."""
    named = linkable_in(connection, [identifier])
    mark_stale(connection, [identifier])
    ids = select(claim_rows.c.id).where(claim_rows.c.document == identifier).scalar_subquery()
    for table in (atom_rows, mentions):
        connection.execute(delete(table).where(table.c.claim.in_(ids)))
    connection.execute(delete(claim_rows).where(claim_rows.c.document == identifier))
    search.forget(connection, identifier)
    return named


def settle_sources(connection: Connection, changed: Sequence[str]) -> None:
    """Works out anew which source each claim comes from, in the groups of near-copies of the documents that changed."""
    for some in slices(changed):
        groups = select(documents.c.copies).where(documents.c.id.in_(some))
        printed = (
            select(documents.c.id, publications.c.outlet, documents.c.copies, documents.c.origin)
            .join(publications)
            .where(documents.c.copies.in_(groups))
        )
        texts = connection.execute(printed).all()
        ids = sorted({text[0] for text in texts})
        told = select(claim_rows.c.id, claim_rows.c.document, claim_rows.c.source, claim_rows.c.body)
        claims = [
            row for part in slices(ids) for row in connection.execute(told.where(claim_rows.c.document.in_(part)))
        ]
        found = sources(texts, [(row.id, row.document, credited(decoded(row.body))) for row in claims])
        moved = [(row.id, found[row.id]) for row in claims if found[row.id] != row.source]
        for claim, source in moved:
            connection.execute(update(claim_rows).where(claim_rows.c.id == claim).values(source=source))
            connection.execute(update(atom_rows).where(atom_rows.c.claim == claim).values(source=source))
        mark_stale(connection, ids)


def credited(claim: Claim) -> str | None:
    """The agency, outlet or institute that a claim is credited to, where it names one: what the papers tell of SIPRI's figures
    comes from SIPRI."""
    named = (s.id for s in claim.attribution if s.kind in ORIGINS or _is_origin(s.id))
    return next(named, None)


def _is_origin(entity: str) -> bool:
    known = gazetteer().get(entity)
    return known is not None and known.kind in ORIGINS


def make_atoms(connection: Connection, changed: Sequence[str]) -> None:
    """Makes the atoms of claims, as they stand after review, in place of those they had; the blocks they leave and enter
    become stale, and those of the values that their texts tell, which may be of several deals together."""
    decisions = log(connection)
    first = select(publications.c.document, func.min(publications.c.published).label("published")).group_by(
        publications.c.document
    )
    dated = first.subquery()
    for some in slices(changed):
        _stale_blocks(connection, select(atom_rows.c.block).where(atom_rows.c.claim.in_(some)))
        texts = select(claim_rows.c.document).where(claim_rows.c.id.in_(some))
        beside = and_(atom_rows.c.document.in_(texts), atom_rows.c.amount.is_not(None))  # see sureness.py
        _stale_blocks(connection, select(atom_rows.c.block).where(beside))
        connection.execute(delete(atom_rows).where(atom_rows.c.claim.in_(some)))
        rows = connection.execute(
            select(claim_rows.c.document, claim_rows.c.source, claim_rows.c.body, claim_rows.c.entry, dated.c.published)
            .outerjoin(dated, dated.c.document == claim_rows.c.document)
            .where(claim_rows.c.id.in_(some))
        )
        links = links_in(connection, some)
        standing: list[Reported] = []
        for row in rows:
            claim = decisions.applied(decoded(row.body), row.document, links)
            if claim is not None:
                standing.append(Reported(claim, row.document, year_of(row.published), row.source, row.entry))
        made = atoms(standing).to_pylist()
        _many(connection, atom_rows, made)
        add_stale(connection, {row["block"] for row in made})


def year_of(published: str | None) -> int | None:
    """The year of a date as ISO 8601 writes it."""
    return int(published[:4]) if published and published[:4].isdigit() else None


def mark_stale(connection: Connection, changed: Sequence[str]) -> None:
    """Marks the blocks in which the atoms of documents stand as to be gathered anew."""
    for some in slices(changed):
        _stale_blocks(connection, select(atom_rows.c.block).where(atom_rows.c.document.in_(some)))


def _stale_blocks(connection: Connection, blocks: Any) -> None:
    add_stale(connection, set(connection.scalars(blocks.distinct())))


def add_stale(connection: Connection, blocks: set[str]) -> None:
    """Marks blocks as to be gathered anew."""
    there: set[str] = set()
    for some in slices(sorted(blocks)):
        there |= set(connection.scalars(select(stale.c.block).where(stale.c.block.in_(some))))
    _many(connection, stale, [{"block": block} for block in sorted(blocks - there)])


def _many(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
