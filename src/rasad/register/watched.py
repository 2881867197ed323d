"""What is watched, as the register keeps it: each source with its next visit and what became of the last, the addresses that it
named, and the texts that it gave. All times are ISO 8601, UTC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from rasad.register.database import reading, slices, writing
from rasad.register.schema import brought, claims, documents, publications, visited, watched
from rasad.register.store import now
from rasad.sources import Provenance
from rasad.sources.visits.plan import Source

HEADLINE = 200  #: characters of the first line of a text that are shown
ERROR = 500  #: characters of what went wrong that are kept


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a source stands: when it is visited next, how often it failed since a visit went well, and what the server told of the
    state that was fetched last."""

    id: int
    next: str
    failures: int = 0
    etag: str | None = None
    modified: str | None = None


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a source (by its id) announced: its address, with what the source tells of it."""

    address: str
    source: int
    known: Provenance
    failures: int = 0


class Brought(NamedTuple):
    """A text that a source gave: its id, where it stands, whether it was new to the register, and whether it is about arms at all."""

    document: str
    address: str
    new: bool
    about_arms: bool


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A source and what it gave: ``texts`` that the register did not have, how many of these are ``about_arms``, the ``claims`` of all
    its texts. ``waiting``: addresses that it named and that are still to be visited; ``lost``: those of which nothing came. ``next`` is
    None where it is watched no more; ``failures`` are those since a visit went well, ``error`` is that of the last visit."""

    id: int
    address: str
    kind: str
    outlet: str | None
    last: str | None
    next: str | None
    visits: int
    texts: int
    about_arms: int
    claims: int
    waiting: int
    lost: int
    failures: int
    error: str | None


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a source gave, with its title (or its first line) and the date of its publication."""

    document: str
    title: str
    address: str
    published: str | None
    at: str
    new: bool
    about_arms: bool
    claims: int


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """An address of which nothing came, and why. ``next``: when it is tried again, None where it is not."""

    address: str
    error: str
    next: str | None


def moment(seconds: float) -> str:
    """A time in seconds since 1970 as it is kept."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def begin(engine: Engine, sources: Sequence[Source]) -> dict[str, Standing]:
    """Watches these sources and no others: what was known of them stays; by address, how they stand. Raises StoreError."""
    with writing(engine) as connection:
        known = {row.address: row for row in connection.execute(select(watched))}
        connection.execute(update(watched).values(next=None))
        for source in sources:
            held = known.get(source.address)
            told = {"kind": source.kind, "outlet": source.outlet, "next": _due(source, held)}
            if held is None:
                connection.execute(insert(watched).values(address=source.address, visits=0, failures=0, **told))
            else:
                connection.execute(update(watched).where(watched.c.id == held.id).values(**told))
        columns = (watched.c.id, watched.c.next, watched.c.failures, watched.c.etag, watched.c.modified)
        stand = connection.execute(select(watched.c.address, *columns).where(watched.c.next.is_not(None)))
        return {row["address"]: Standing(**{c.name: row[c.name] for c in columns}) for row in stand.mappings()}


def _due(source: Source, held: Any) -> str:
    """When a source is due: a visit that went well holds for as long as the plan now says."""
    if held is None or held.last is None or held.next is None:
        return now()
    if held.failures:
        return str(held.next)
    return min(str(held.next), moment(datetime.fromisoformat(held.last).timestamp() + source.every))


def waiting(engine: Engine) -> list[tuple[str, Announced]]:
    """The addresses that sources which are watched named and that are still to be visited, with the time of each."""
    wanted = select(visited).join(watched).where(visited.c.next.is_not(None), watched.c.next.is_not(None))
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(visited.c.next, visited.c.address)).all()
    return [
        (row.next, Announced(address=row.address, source=row.source, known=msgspec.json.decode(row.known, type=Provenance), failures=row.failures))
        for row in rows
    ]  # fmt: skip


def seen(
    engine: Engine,
    source: int,
    next_visit: str,
    etag: str | None = None,
    modified: str | None = None,
    named: Iterable[tuple[str, Provenance]] = (),
) -> list[Announced]:
    """Notes a visit that went well, with the addresses that the source named; gives those that no source had named before."""
    wanted = dict(named)
    with writing(engine) as connection:
        known: set[str] = set()
        for some in slices(list(wanted)):
            known |= set(connection.scalars(select(visited.c.address).where(visited.c.address.in_(some))))
        fresh = [Announced(address=at, source=source, known=told) for at, told in wanted.items() if at not in known]
        if fresh:
            connection.execute(insert(visited), [_row(one, now()) for one in fresh])
        _note(connection, source, next=next_visit, failures=0, error=None, etag=etag, modified=modified)
    return fresh


def failed(engine: Engine, source: int, error: str, next_visit: str, failures: int) -> None:
    """Notes a visit that went wrong. What the server told of an earlier state stays."""
    with writing(engine) as connection:
        _note(connection, source, next=next_visit, failures=failures, error=error[:ERROR])


def _note(connection: Connection, source: int, **values: Any) -> None:
    visit = update(watched).where(watched.c.id == source)
    connection.execute(visit.values(last=now(), visits=watched.c.visits + 1, **values))


def _row(one: Announced, next_visit: str | None) -> dict[str, Any]:
    known = msgspec.json.encode(one.known).decode()
    return {"address": one.address, "source": one.source, "known": known, "next": next_visit, "failures": one.failures}


def settled(engine: Engine, one: Announced, error: str | None = None, also: Iterable[str] = ()) -> None:
    """Notes that an address needs no further visit, nor do the others (``also``) under which its text stands."""
    with writing(engine) as connection:
        others = {*also} - {one.address}
        known = set(connection.scalars(select(visited.c.address).where(visited.c.address.in_(others))))
        connection.execute(update(visited).where(visited.c.address.in_(others & known)).values(next=None))
        for address in sorted(others - known):
            connection.execute(insert(visited).values(**_row(msgspec.structs.replace(one, address=address), None)))
        own = update(visited).where(visited.c.address == one.address)
        connection.execute(own.values(next=None, error=error and error[:ERROR]))


def put_off(engine: Engine, one: Announced, error: str, next_visit: str) -> None:
    """Notes that an address is to be visited again."""
    own = update(visited).where(visited.c.address == one.address)
    with writing(engine) as connection:
        connection.execute(own.values(next=next_visit, failures=one.failures, error=error[:ERROR]))


def bring(engine: Engine, source: int, texts: Sequence[Brought]) -> None:
    """Notes texts that a source gave; one that it gave before stays as it was."""
    with writing(engine) as connection:
        held = select(brought.c.document).where(brought.c.source == source)
        known = set(connection.scalars(held.where(brought.c.document.in_([text.document for text in texts]))))
        fresh = {text.document: text for text in texts if text.document not in known}
        for text in fresh.values():
            connection.execute(insert(brought).values(source=source, at=now(), **text._asdict()))


def sources(engine: Engine) -> tuple[Watched, ...]:
    """Every source that was ever watched, with what it gave, in the order in which they came."""
    with reading(engine) as connection:
        rows = connection.execute(select(watched).order_by(watched.c.next.is_(None), watched.c.id)).mappings().all()
        gave = _by_source(connection, select(brought.c.source, func.count()).where(brought.c.new))
        arms = _by_source(connection, select(brought.c.source, func.count()).where(brought.c.new, brought.c.about_arms))
        said = select(brought.c.source, func.count()).join(claims, claims.c.document == brought.c.document)
        claimed = _by_source(connection, said)
        left = _by_source(connection, select(visited.c.source, func.count()).where(visited.c.next.is_not(None)))
        gone = select(visited.c.source, func.count()).where(visited.c.next.is_(None), visited.c.error.is_not(None))
        lost = _by_source(connection, gone)
    columns = ("id", "address", "kind", "outlet", "last", "next", "visits", "failures", "error")
    return tuple(
        Watched(
            **{name: row[name] for name in columns}, texts=gave.get(row["id"], 0), about_arms=arms.get(row["id"], 0),
            claims=claimed.get(row["id"], 0), waiting=left.get(row["id"], 0), lost=lost.get(row["id"], 0),
        )
        for row in rows
    )  # fmt: skip


def _by_source(connection: Connection, counted: Any) -> dict[int, int]:
    return dict(connection.execute(counted.group_by(counted.selected_columns[0])).all())


def texts(engine: Engine, source: int, limit: int, offset: int = 0) -> tuple[Text, ...]:
    """Some of the texts that a source gave, the latest first."""
    printed, called = (
        select(func.min(column)).where(publications.c.document == brought.c.document, publications.c.copy.is_(None)).scalar_subquery()
        for column in (publications.c.published, publications.c.title)
    )  # fmt: skip
    counted = select(func.count()).where(claims.c.document == brought.c.document)
    wanted = (
        select(
            brought, func.substr(documents.c.text, 1, HEADLINE).label("start"), printed.label("published"),
            called.label("called"), counted.scalar_subquery().label("claims"),
        )
        .join(documents, documents.c.id == brought.c.document)
        .where(brought.c.source == source)
        .order_by(brought.c.at.desc(), brought.c.document)
    )  # fmt: skip
    with reading(engine) as connection:
        rows = connection.execute(wanted.limit(limit).offset(offset)).all()
    return tuple(
        Text(
            document=row.document, title=row.called or row.start.strip().partition("\n")[0].strip(), address=row.address, published=row.published,
            at=row.at, new=row.new, about_arms=row.about_arms, claims=row.claims,
        )
        for row in rows
    )  # fmt: skip


def counted_texts(engine: Engine, source: int) -> int:
    """How many texts a source gave."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).where(brought.c.source == source)) or 0


def lost(engine: Engine, source: int, limit: int) -> tuple[Lost, ...]:
    """Some of the addresses that a source named and of which nothing came."""
    wanted = select(visited).where(visited.c.source == source, visited.c.error.is_not(None)).order_by(visited.c.address)
    with reading(engine) as connection:
        rows = connection.execute(wanted.limit(limit)).all()
    return tuple(Lost(address=row.address, error=row.error, next=row.next) for row in rows)
