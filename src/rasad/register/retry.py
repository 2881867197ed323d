"""What was set aside, tried again. A place is read again as a whole: what the register has of it already changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine, select

from rasad.claims import Document
from rasad.register.add import Added, add
from rasad.register.aside import FOREIGN, Aside, Given, drop, keep, listed
from rasad.register.database import reading, writing
from rasad.register.schema import aside
from rasad.sources import Problem, Skipped, documents


class Retried(NamedTuple):
    """What came of it: what was stored, how many are set aside no more, and what still is."""

    added: Added
    well: int
    left: tuple[Aside, ...]


def retry(
    engine: Engine, *, tell: Callable[[Problem | Skipped], None] = lambda _: None, done: Callable[[Document], None] = lambda _: None
) -> Retried:  # fmt: skip
    """Tries all again that is set aside. What goes well is set aside no more; of a place that cannot be opened at all everything
    stays. Raises StoreError where the register cannot be written."""
    with reading(engine) as connection:
        held = connection.execute(select(aside).order_by(aside.c.place, aside.c.name)).all()
    given = {row.place: msgspec.json.decode(row.given, type=Given) for row in held}
    come_from: dict[str, str] = {}

    def entries() -> Iterator[Document | Problem | Skipped]:
        for place, how in given.items():
            for entry in _read(place, how):
                if isinstance(entry, Document):
                    come_from[entry.name] = place
                yield entry

    added = add(engine, entries(), tell=tell, done=done)
    failed: dict[tuple[str, str], tuple[str, Given]] = {}
    for entry in added.skipped:
        if entry.reason != FOREIGN:
            place = entry.place or come_from[entry.path]
            failed[place, entry.path] = entry.reason, given[place]
    closed = {place for place, name in failed if name == given[place].name}
    for row in held:
        if row.place in closed:
            failed.setdefault((row.place, row.name), (row.reason, given[row.place]))
    well = [(row.place, row.name) for row in held if (row.place, row.name) not in failed]
    with writing(engine) as connection:
        drop(connection, well)
        keep(connection, failed)
        return Retried(added, len(well), listed(connection))


def _read(place: str, how: Given) -> Iterator[Document | Problem | Skipped]:
    """What stands at a place, under the names that it had when it was given."""
    for entry in documents([place], known=how.known, columns=how.columns):
        if isinstance(entry, Document):
            yield msgspec.structs.replace(entry, name=_named(entry.name, place, how.name))
        elif isinstance(entry, Skipped):
            yield Skipped(_named(entry.path, place, how.name), entry.reason, place)
        else:
            yield Problem(_named(entry.path, place, how.name), entry.message)


def _named(name: str, place: str, given: str) -> str:
    return given + name.removeprefix(place) if name.startswith(place) else name
