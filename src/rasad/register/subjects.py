"""Whom and what a register is about: who somebody is under which names, in which deals and relations as what, and what he or she said.
Counts come by frame and role, and everything else in parts, so that it takes no longer where there are a million claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, distinct, false, func, or_, select

from rasad.gazetteer import entities as gazetteer
from rasad.ontology import ontology
from rasad.register import shown
from rasad.register.atoms import family, links
from rasad.register.deals import Evidence, Publication, names, publication
from rasad.register.entities import means, named_as, placed
from rasad.register.identity import Link
from rasad.register.log import log
from rasad.register.relink import links_into, links_of
from rasad.register.rows import Named, Row, rows
from rasad.register.schema import atoms, claims, deals, documents, mentions, publications
from rasad.register.schema import entities as entity_rows

SPEAKER = "speaker"
NAMES = 40  #: names of a subject that are told, the commonest
TITLES = 10  #: titles and organisations of a speaker
STATES = ("country:", "bloc:")  #: who is found by the columns of a deal; all others by the claims that name them


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A form of a name, with how many claims have it, and the language of one of their texts."""

    text: str
    language: str | None
    claims: int


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """In how many deals or relations of a frame somebody or something has a role."""

    frame: str
    role: str
    deals: int


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """As what, and for whom, somebody is said to speak, in how many claims."""

    title: str | None
    organisation: str | None
    claims: int


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Who or what it is: names as they are written, the commonest first; what reviewers merged it into, or into it; by which links it
    is another (``linked_into``), or others are it (``linked``); its deals and relations by frame and role, most first; as what it
    speaks, and in how many claims (``said``)."""

    id: str
    name: str
    country: str | None
    category: str | None
    in_gazetteer: bool
    names: tuple[Name, ...]
    merged_into: str | None
    merged: tuple[str, ...]
    linked_into: tuple[Link, ...]
    linked: tuple[Link, ...]
    parts: tuple[Part, ...]
    offices: tuple[Office, ...]
    said: int


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """How many claims of a frame a speaker made so surely, of which year; ``year`` is that of which they tell, else that of their
    report."""

    frame: str
    certainty: str
    polarity: str
    year: int | None
    claims: int


def subject(connection: Connection, identifier: str) -> Subject | None:
    """Who or what has this id; None where nothing has it."""
    known = gazetteer().get(identifier)
    held: Any = known or connection.execute(select(entity_rows).where(entity_rows.c.id == identifier)).first()
    if held is None:
        return None
    decisions = log(connection)
    into = decisions.entity(identifier)
    merged = tuple(sorted(old for old in decisions.merged if decisions.entity(old) == identifier))
    speaks = _Meaning(connection, identifier)
    return Subject(
        id=identifier, name=held.name, country=held.country, category=held.category, in_gazetteer=known is not None,
        names=_names(connection, speaks), merged_into=into if into != identifier else None, merged=merged,
        linked_into=tuple(links_of(connection, identifier)),
        linked=tuple(link for one in (identifier, *merged) for link in links_into(connection, one)),
        parts=parts(connection, identifier), offices=_offices(connection, speaks),
        said=connection.scalar(speaks.of(func.count(distinct(mentions.c.claim)), mentions.c.role == SPEAKER)) or 0,
    )  # fmt: skip


class _Meaning:
    """The mentions that mean an entity after review and linking."""

    def __init__(self, connection: Connection, identifier: str) -> None:
        decisions = log(connection)
        named = named_as(connection, decisions, [identifier])
        self._where: list[ColumnElement[bool]] = [mentions.c.entity.in_(named)]
        self._plain = named == {identifier} and not decisions.lines
        if not self._plain:
            self._where.append(means(decisions) == identifier)

    def of(self, columns: Any, *where: ColumnElement[bool]) -> Any:
        """A query of columns of mentions, their claims joined to it where links or reviews bear on whom they mean."""
        columns = columns if isinstance(columns, tuple) else (columns,)
        found = select(*columns).select_from(mentions) if self._plain else placed(*columns)
        return found.where(*self._where, *where)


def _names(connection: Connection, meaning: _Meaning) -> tuple[Name, ...]:
    often = func.count(distinct(mentions.c.claim))
    query = meaning.of((mentions.c.text, often, func.min(mentions.c.claim))).group_by(mentions.c.text)
    found = connection.execute(query.order_by(often.desc(), mentions.c.text).limit(NAMES)).all()
    spoken = (
        select(claims.c.id, documents.c.language)
        .join(documents, documents.c.id == claims.c.document)
        .where(claims.c.id.in_([row[2] for row in found]))
    )
    languages: dict[str, str | None] = dict(connection.execute(spoken).all())
    return tuple(Name(text=text, language=languages.get(claim), claims=count) for text, count, claim in found)


def _offices(connection: Connection, meaning: _Meaning) -> tuple[Office, ...]:
    often = func.count(distinct(mentions.c.claim))
    known = or_(mentions.c.title.is_not(None), mentions.c.organisation.is_not(None))
    as_what = (mentions.c.title, mentions.c.organisation)
    query = meaning.of((*as_what, often), mentions.c.role == SPEAKER, known).group_by(*as_what)
    found = connection.execute(query.order_by(often.desc(), *as_what).limit(TITLES))
    return tuple(Office(title=title, organisation=organisation, claims=count) for title, organisation, count in found)


# Deals and relations.


def parts(connection: Connection, identifier: str) -> tuple[Part, ...]:
    """In how many deals and relations of each frame somebody or something has which role, most first."""
    if identifier.startswith(STATES):
        found = [part for column in ("actor", "partner", "third") for part in _columned(connection, identifier, column)]
    else:
        found = _involved(connection, identifier)
    return tuple(sorted(found, key=lambda part: (-part.deals, part.frame, part.role)))


def _columned(connection: Connection, identifier: str, column: str) -> list[Part]:
    """Of a state: those whose column names it, alone, or in a set of parties."""
    roles = _roles(column)
    found: dict[str, int] = {}
    if column != "third":
        alone = select(deals.c.frame, func.count()).where(deals.c[column] == identifier).group_by(deals.c.frame)
        found = dict(connection.execute(alone).all())
    for frame, (role, is_set) in roles.items():
        if is_set or column == "third":
            where = _with_role(identifier, frame, role)
            found[frame] = connection.scalar(select(func.count()).select_from(deals).where(where)) or 0
    return [
        Part(frame=frame, role=roles[frame][0], deals=count)
        for frame, count in found.items()
        if count and frame in roles
    ]


def _roles(column: str) -> dict[str, tuple[str, bool]]:
    """For each frame the role that a column holds, and whether that is a set of parties."""
    held = {frame: getattr(link, column) for frame, link in links().items()}
    return {frame: (role, ontology().frames[frame].roles[role].set) for frame, role in held.items() if role}


def _involved(connection: Connection, identifier: str) -> list[Part]:
    """Of whoever is no state, and of things: by the claims that name them."""
    often = func.count()
    if (whole := _whole(identifier)) is not None:
        found = connection.execute(select(deals.c.frame, often).where(whole).group_by(deals.c.frame))
        return [Part(frame=frame, role="item", deals=count) for frame, count in found]
    meaning = _Meaning(connection, identifier)
    named = meaning.of((mentions.c.claim, mentions.c.role), mentions.c.role != SPEAKER).subquery()
    columns = (atoms.c.frame, named.c.role)
    query = select(*columns, func.count(distinct(atoms.c.deal))).join(named, named.c.claim == atoms.c.claim)
    found = connection.execute(query.where(atoms.c.deal.is_not(None)).group_by(*columns))
    return [Part(frame=frame, role=role, deals=count) for frame, role, count in found]


def _whole(identifier: str) -> ColumnElement[bool] | None:
    """The deals of a category, or of a designation with all its variants; None for all else."""
    if identifier.startswith("category:"):
        return deals.c.category == identifier.removeprefix("category:")
    if identifier == f"system:{family(identifier)}":
        return deals.c.family == family(identifier)
    return None


def listed(
    connection: Connection, identifier: str, frame: str | None, role: str | None, limit: int, offset: int = 0
) -> list[Row]:
    """Some of its deals and relations, of a frame in which it has a role, of a frame, or all; the best supported first. Of a state
    all are those that name it alone as their first or second party."""
    where = _involving(connection, identifier, frame, role)
    order = (deals.c.sources.desc(), deals.c.reports.desc(), deals.c.deal)
    found = connection.execute(select(deals).where(where).order_by(*order).limit(limit).offset(offset))
    return rows(connection, [dict(row) for row in found.mappings()])


def counted(connection: Connection, identifier: str, frame: str | None, role: str | None) -> int:
    """How many :func:`listed` gives without a limit."""
    where = _involving(connection, identifier, frame, role)
    return connection.scalar(select(func.count()).select_from(deals).where(where)) or 0


def _involving(connection: Connection, identifier: str, frame: str | None, role: str | None) -> ColumnElement[bool]:
    if identifier.startswith(STATES):
        if frame is None:
            return or_(deals.c.actor == identifier, deals.c.partner == identifier)
        link = links()[frame]
        roles = [one for one in (link.actor, link.partner, link.third) if one and role in (None, one)]
        return or_(false(), *(_with_role(identifier, frame, one) for one in roles))
    of = [deals.c.frame == frame] if frame else []
    if (whole := _whole(identifier)) is not None:
        return and_(whole, *of) if role in (None, "item") else false()
    as_what = mentions.c.role == role if role else mentions.c.role != SPEAKER
    named = _Meaning(connection, identifier).of(mentions.c.claim, as_what)
    return and_(deals.c.deal.in_(select(atoms.c.deal).where(atoms.c.claim.in_(named))), *of)


def _with_role(identifier: str, frame: str, role: str) -> ColumnElement[bool]:
    """The deals and relations of a frame in which a state has a role."""
    link = links()[frame]
    column = next(name for name in ("actor", "partner", "third") if getattr(link, name) == role)
    place = deals.c[column]
    told = [place == identifier]
    if ontology().frames[frame].roles[role].set:
        told += [place.like(one) for one in (f"{identifier}+%", f"%+{identifier}", f"%+{identifier}+%")]
    elif column != "third":
        return and_(place == identifier, deals.c.frame == frame)
    return and_(of_frame(frame), or_(*told))


def of_frame(frame: str) -> ColumnElement[bool]:
    """The deals and relations of a frame. Their blocks begin with its name, which stands between it and the name with its last letter
    one further on in every collation; there is an index on blocks, and none on frames."""
    return and_(deals.c.block >= frame, deals.c.block < frame[:-1] + chr(ord(frame[-1]) + 1), deals.c.frame == frame)


def surest(connection: Connection, wanted: Sequence[str]) -> dict[str, Evidence]:
    """The surest claim of each deal or relation, those of texts before those of tables."""
    order = (atoms.c.entry.is_not(None), atoms.c.polarity != "positive", atoms.c.confidence.desc(), atoms.c.claim)
    place = func.row_number().over(partition_by=atoms.c.deal, order_by=order).label("place")
    ranked = select(atoms.c.deal, atoms.c.claim, place).where(atoms.c.deal.in_(wanted)).subquery()
    first = dict(connection.execute(select(ranked.c.deal, ranked.c.claim).where(ranked.c.place == 1)).all())
    told = {held.claim.id: held for held in shown.evidence(connection, sorted(set(first.values())))}
    return {deal: told[claim] for deal, claim in first.items()}


def kin(connection: Connection, system: str) -> tuple[Named, ...]:
    """The designations of the family of a ``system:`` that the register names, that of the family first."""
    root = f"system:{family(system)}"
    like = select(entity_rows.c.id, entity_rows.c.name).where(entity_rows.c.id.startswith(root, autoescape=True))
    found = {row.id: Named(row.id, row.name) for row in connection.execute(like) if family(row.id) == family(system)}
    return tuple(sorted(found.values(), key=lambda one: (one.id != root, one.name)))


# What somebody said.


def sayings(connection: Connection, speaker: str) -> tuple[Saying, ...]:
    """How many claims a speaker made, by frame, certainty, polarity and year; most first."""
    year = func.coalesce(atoms.c.year, atoms.c.published)
    columns = (atoms.c.frame, atoms.c.certainty, atoms.c.polarity, year)
    named = _Meaning(connection, speaker).of(mentions.c.claim, mentions.c.role == SPEAKER)
    often = func.count(distinct(atoms.c.claim))
    found = connection.execute(select(*columns, often).where(atoms.c.claim.in_(named)).group_by(*columns))
    told = (Saying(frame=f, certainty=c, polarity=p, year=y, claims=n) for f, c, p, y, n in found)
    return tuple(sorted(told, key=lambda one: (-one.claims, one.frame, one.certainty, one.polarity, one.year or 0)))


def said(
    connection: Connection, speaker: str, *, frame: str | None = None, certainty: str | None = None, year: int | None = None,
    limit: int, offset: int = 0,
) -> tuple[Evidence, ...]:  # fmt: skip
    """Some of what a speaker said, of a frame, so surely, of a year; the latest first."""
    named = _Meaning(connection, speaker).of(mentions.c.claim, mentions.c.role == SPEAKER)
    told = func.coalesce(atoms.c.year, atoms.c.published)
    wanted = ((atoms.c.frame, frame), (atoms.c.certainty, certainty), (told, year))
    query = select(atoms.c.claim).where(atoms.c.claim.in_(named), *(c == v for c, v in wanted if v is not None))
    order = (func.coalesce(func.max(told), 0).desc(), atoms.c.claim)
    found = connection.scalars(query.group_by(atoms.c.claim).order_by(*order).limit(limit).offset(offset))
    return shown.evidence(connection, list(found))


def naming(connection: Connection, identifier: str, limit: int, offset: int = 0) -> tuple[Evidence, ...]:
    """Some of the claims that name somebody or something, the surest first."""
    named = _Meaning(connection, identifier).of(mentions.c.claim)
    query = select(claims.c.id).where(claims.c.id.in_(named)).order_by(claims.c.confidence.desc(), claims.c.id)
    return shown.evidence(connection, list(connection.scalars(query.limit(limit).offset(offset))))


def printed(connection: Connection, identifier: str, limit: int) -> tuple[Publication, ...]:
    """Some of the appearances of texts that name somebody or something, the latest first."""
    named = _Meaning(connection, identifier).of(mentions.c.claim)
    texts = select(claims.c.document).where(claims.c.id.in_(named))
    latest = (func.coalesce(publications.c.published, "").desc(), publications.c.id.desc())
    found = connection.execute(
        select(publications).where(publications.c.document.in_(texts)).order_by(*latest).limit(limit)
    )
    return tuple(map(publication, found))


# All states.


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A state in a register: deals in which it supplies and receives, services given and had among them, and accusations of it that
    are not only denied."""

    id: str
    name: str
    supplied: int
    received: int
    allegations: int


def states(connection: Connection) -> tuple[State, ...]:
    """Every state that a deal or relation names alone as a party, by name. It reads all of them: ask once for a state of the register."""
    counts: dict[str, dict[str, int]] = {}
    for side, column in (("supplied", deals.c.actor), ("received", deals.c.partner)):
        query = select(column, func.count()).where(deals.c.kind == "deal", column.startswith("country:"))
        for state, count in connection.execute(query.group_by(column)):
            if "+" not in state:
                counts.setdefault(state, {})[side] = count
    said_so = select(atoms.c.atom).where(atoms.c.deal == deals.c.deal, atoms.c.polarity == "positive").exists()
    accused = select(deals.c.actor, func.count()).where(of_frame("allegation"), said_so).group_by(deals.c.actor)
    for state, count in connection.execute(accused):
        if (state or "").startswith("country:"):
            counts.setdefault(state, {})["allegations"] = count
    related = select(deals.c.actor).where(deals.c.kind == "relation", deals.c.actor.startswith("country:")).distinct()
    for state in connection.scalars(related):
        if "+" not in state:
            counts.setdefault(state, {})
    known = names(connection, counts)
    told = (
        State(id=one, name=known[one], **{side: held.get(side, 0) for side in ("supplied", "received", "allegations")})
        for one, held in counts.items()
    )
    return tuple(sorted(told, key=lambda one: one.name))
