"""Tables of others into the register: SIPRI's trade register as a source beside the press."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from rasad.cache import fingerprint
from rasad.exchange.sipri import BadRow, RegisterFormatError, RegisterRow, as_claims, read_register
from rasad.exchange.sipri.claimed import OUTLET
from rasad.exchange.sipri.register import cells_of, row_of_line
from rasad.register import Register
from rasad.register.database import reading
from rasad.register.schema import atoms, claims, documents, publications
from rasad.register.store import Read, Stored
from rasad.sources.places import display_name

KIND = "sipri"
ROOMS = ("exchange/sipri", "gazetteer", "languages", "ontology", "reading")  #: what a row is read by


class Imported(NamedTuple):
    """What came of an import. ``rows`` of the file are deals; ``bad`` are the lines that are none. ``kept`` rows of an earlier
    table were left, because this one is not about them: it is a table of ``recipient`` or ``supplier`` only. ``deals`` of the
    register now have a claim of SIPRI's table, ``claims`` are the claims that the table makes."""

    rows: int
    bad: tuple[BadRow, ...]
    kept: int
    recipient: str | None
    supplier: str | None
    deals: int
    claims: int
    stored: Stored


class _Scope(NamedTuple):
    """Whom a table is about, where it is about one recipient, one supplier, or one of each."""

    recipient: str | None
    supplier: str | None

    def covers(self, row: RegisterRow) -> bool:
        return self.recipient in (None, row.recipient.name) and self.supplier in (None, row.supplier.name)


def import_sipri(
    register: Register, path: str | Path, tell: Callable[[BadRow], None] = lambda _: None, name: str | None = None
) -> Imported:
    """Stores a trade register in SIPRI's shape: every row a deal that SIPRI claims. Lines that are none are told and never stop
    the rest. ``name`` is what its document is called, without one as its file.

    The register holds one table of SIPRI's. A newer file takes its place; one that is about a single recipient or supplier takes
    the place of the rows about these only. The same rows again, in whatever order or shape, change nothing. What was decided of
    a claim holds as long as a table still makes it.

    Raises RegisterFormatError where the file is no trade register or none of its lines is a deal (nothing is changed then),
    OSError where it cannot be read, and StoreError where the register cannot be written.
    """
    rows, bad = _read(Path(path), tell)
    scope = _scope(rows)
    with reading(register.engine) as connection:
        kept = [row for row in _earlier(connection) if not scope.covers(row)]
    document, found = as_claims(name or display_name(path), sorted([*kept, *rows], key=cells_of))
    stored = register.store([Read(document, reader(), found, listed=True)])
    with reading(register.engine) as connection:
        deals = connection.scalar(select(func.count(atoms.c.deal.distinct())).where(atoms.c.entry.is_not(None))) or 0
    about = scope if kept else _Scope(None, None)
    return Imported(len(rows), tuple(bad), len(kept), about.recipient, about.supplier, deals, len(found), stored)


@cache
def reader() -> str:
    """The version of what reads a row: another one where anything that it reads by is another."""
    package = files("rasad")
    return f"{KIND}-{fingerprint(file for room in ROOMS for file in _files(package.joinpath(room)))[:12]}"


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_file():
            yield entry


def _read(path: Path, tell: Callable[[BadRow], None]) -> tuple[list[RegisterRow], list[BadRow]]:
    rows: list[RegisterRow] = []
    bad: list[BadRow] = []
    for entry in read_register(path):
        if isinstance(entry, RegisterRow):
            rows.append(entry)
            continue
        bad.append(entry)
        tell(entry)
    if not rows:
        raise RegisterFormatError(f"{display_name(path)}: none of its lines is a deal; nothing was stored")
    return rows, bad


def _scope(rows: Sequence[RegisterRow]) -> _Scope:
    recipients, suppliers = {row.recipient.name for row in rows}, {row.supplier.name for row in rows}
    return _Scope(*(names.pop() if len(names) == 1 else None for names in (recipients, suppliers)))


def _earlier(connection: Connection) -> list[RegisterRow]:
    """The rows of the table that the register has."""
    lines = connection.execute(
        select(claims.c.start, claims.c.end, documents.c.id)
        .join(documents, documents.c.id == claims.c.document)
        .join(publications, publications.c.document == documents.c.id)
        .where(claims.c.id == claims.c.entry, publications.c.outlet == OUTLET)
        .order_by(claims.c.start)
    ).all()
    texts = {row.id for row in lines}
    held = dict(connection.execute(select(documents.c.id, documents.c.text).where(documents.c.id.in_(texts))).all())
    return [row_of_line(held[row.id][row.start : row.end]) for row in lines]
