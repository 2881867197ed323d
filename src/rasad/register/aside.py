"""What could not be read, kept to be tried again (``retry.py``): a file of a folder, a record of an archive, a page without its
text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, tuple_, update

from rasad.claims import Document
from rasad.register.database import reading, slices, writing
from rasad.register.schema import aside
from rasad.register.store import now
from rasad.sources import Provenance, Skipped
from rasad.sources.places import NO_MATCH, NOT_THERE, path_of

FOREIGN = "not in a language that Rasad reads"  #: a reason for which nothing is kept: trying again would change nothing
Failed = Mapping[tuple[str, str], tuple[str, "Given"]]  #: by place and name, why, and how the place was given
_KEY = tuple_(aside.c.place, aside.c.name)
_PART = re.compile(r"#[^#/]*$|:\d+$")  # of a name: what follows that of its file


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was set aside: the place that is opened to try it again, what it is called, why it could not be read, when it
    was tried first and last (ISO 8601, UTC), and how often."""

    place: str
    name: str
    reason: str
    first: str
    last: str
    tries: int


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """How a place was given: under which name, what was said of all its texts, and what its columns are called."""

    name: str
    known: Provenance = Provenance()
    columns: Mapping[str, str] = {}


def counted(connection: Connection) -> int:
    """How much is set aside."""
    return connection.scalar(select(func.count()).select_from(aside)) or 0


def listed(connection: Connection, limit: int | None = None) -> tuple[Aside, ...]:
    """What is set aside, by place and name."""
    rows = select(aside).order_by(aside.c.place, aside.c.name).limit(limit)
    return tuple(
        Aside(**{name: getattr(row, name) for name in Aside.__struct_fields__}) for row in connection.execute(rows)
    )


def set_aside(
    engine: Engine, entries: Iterable[Skipped], known: Provenance = Provenance(), columns: Mapping[str, str] = {}
) -> int:
    """Keeps what could not be read, where it is still there to be tried again: not a mistyped name, nor what came by a pipe, nor a
    text in another language. Gives how many of these are kept."""
    found = {
        (place, entry.path): (entry.reason, Given(name=name, known=known, columns=columns))
        for entry in entries
        if entry.reason != FOREIGN and (where := _where(entry))
        for place, name in [where]
    }
    if found:
        with writing(engine) as connection:
            keep(connection, found)
    return len(found)


def take_off(engine: Engine, read: Sequence[Document]) -> None:
    """Forgets what was set aside under the names of documents that were read meanwhile."""
    keys = [(os.path.abspath(document.name), document.name) for document in read]
    with reading(engine) as connection:
        held = _held(connection, keys)
    if held:
        with writing(engine) as connection:
            drop(connection, sorted(held))


def _where(entry: Skipped) -> tuple[str, str] | None:
    """The place at which something can be tried again, and what that was called when it was given; None where there is none."""
    for name in [entry.place] if entry.place else [entry.path, _PART.sub("", entry.path)]:
        path = path_of(name)
        if path is None:
            page = entry.place is None and name.startswith(("http://", "https://"))
            return None if page or entry.reason in (NOT_THERE, NO_MATCH) else (name, name)
        empty = path.is_dir() and os.access(path, os.R_OK | os.X_OK)
        if os.path.lexists(path) and not empty:
            return (name if name.startswith("file:") else os.path.abspath(path)), name
    return None


def keep(connection: Connection, found: Failed) -> None:
    """Sets aside what failed, or counts one try more."""
    at, known = now(), _held(connection, [*found])
    for (place, name), (reason, how) in found.items():
        told = {"reason": reason, "last": at, "given": msgspec.json.encode(how).decode()}
        if (place, name) in known:
            this = and_(aside.c.place == place, aside.c.name == name)
            connection.execute(update(aside).where(this).values(tries=aside.c.tries + 1, **told))
        else:
            connection.execute(insert(aside).values(place=place, name=name, first=at, tries=1, **told))


def drop(connection: Connection, keys: Sequence[tuple[str, str]]) -> None:
    """Sets aside no more what has these places and names."""
    for some in slices(keys):
        connection.execute(delete(aside).where(_KEY.in_(some)))


def _held(connection: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that are set aside already."""
    found = select(aside.c.place, aside.c.name)
    return {(row.place, row.name) for some in slices(keys) for row in connection.execute(found.where(_KEY.in_(some)))}
