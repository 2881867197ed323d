"""Atoms into deals, wherever something changed: the stale blocks are linked anew, joins and splits of reviewers are carried out, and
the deals are stored in place of those that stood there. What results depends on the documents, claims and reviews alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from rasad.register.atoms import ATOM_SCHEMA, batch_of
from rasad.register.database import slices
from rasad.register.linking import PRINTED, Linked, link
from rasad.register.log import log
from rasad.register.rearrange import moves
from rasad.register.relink import EVERYTHING, relink_everything
from rasad.register.review import Log
from rasad.register.schema import atoms, deals, publications, stale
from rasad.register.store import make_atoms
from rasad.register.sureness import settle_sureness

TOGETHER = 250_000  #: atoms linked in one go, about; bounds the memory
ROWS = 20_000  #: rows fetched and written at a time


def gather(connection: Connection) -> int:
    """Links the stale blocks anew; gives how many deals and relations now stand in them."""
    if connection.scalar(select(stale.c.block).where(stale.c.block == EVERYTHING)) is not None:
        make_atoms(connection, relink_everything(connection))
    decisions = log(connection)
    across = _joined_blocks(connection, decisions)
    total = 0
    printed = _printed(connection)
    for table in _tables(connection, across):
        linked = link(table, printed=printed)
        moved = moves(linked.assignments, decisions) if decisions.joined() else None
        if moved is not None and moved.num_rows:
            linked = link(table, moved=moved, printed=printed)
        _write(connection, table, linked)
        total += linked.deals.num_rows
    settle_sureness(connection)
    gone = select(stale.c.block).where(stale.c.block.not_in(select(atoms.c.block)))
    connection.execute(delete(deals).where(deals.c.block.in_(gone)))
    connection.execute(delete(stale))
    return total


def is_stale(connection: Connection) -> bool:
    """Whether something was stored that has not been gathered yet."""
    return connection.scalar(select(stale.c.block).limit(1)) is not None


def _joined_blocks(connection: Connection, decisions: Log) -> set[str]:
    """The blocks that joins reach across, where one of those of a join is stale: they are all stale then, and linked together."""
    found: set[str] = set()
    for line in decisions.joined():
        held = [atom for some in line.content["atoms"] for atom in some]
        blocks = set(connection.scalars(select(atoms.c.block).where(atoms.c.atom.in_(held)).distinct()))
        there = set(connection.scalars(select(stale.c.block).where(stale.c.block.in_(blocks))))
        if there and blocks - there:
            connection.execute(insert(stale), [{"block": block} for block in sorted(blocks - there)])
        found |= blocks if there else set()
    return found


def _tables(connection: Connection, across: set[str]) -> Iterator[pa.Table]:
    """The atoms of the stale blocks, whole blocks together, in tables of a bounded size; those of ``across`` in one."""
    if across:
        yield from _of(connection, atoms.c.block.in_(sorted(across)), together=sys.maxsize)
    yield from _of(connection, atoms.c.block.not_in(sorted(across)), together=TOGETHER)


def _of(connection: Connection, which: ColumnElement[bool], together: int) -> Iterator[pa.Table]:
    columns = [atoms.c[name] for name in ATOM_SCHEMA.names]
    stale_atoms = select(*columns).join(stale, stale.c.block == atoms.c.block).where(which).order_by(atoms.c.block)
    rows = connection.execute(stale_atoms.execution_options(yield_per=ROWS))
    batches: list[pa.RecordBatch] = []
    held: list[Any] = []
    size = 0
    for _, block in groupby(rows, key=lambda row: row.block):
        held.extend(block)
        if len(held) >= ROWS:
            batches.append(batch_of(held))
            size, held = size + len(held), []
        if size >= together:
            yield pa.Table.from_batches(batches, ATOM_SCHEMA)
            batches, size = [], 0
    if held:
        batches.append(batch_of(held))
    if batches:
        yield pa.Table.from_batches(batches, ATOM_SCHEMA)


def _write(connection: Connection, table: pa.Table, linked: Linked) -> None:
    for some in slices(sorted(set(table.column("block").to_pylist()))):
        connection.execute(delete(deals).where(deals.c.block.in_(some)))
    moved = update(atoms).where(atoms.c.atom == bindparam("which")).values(deal=bindparam("into"))
    for batch in linked.assignments.select(["atom", "deal"]).to_batches(ROWS):
        connection.execute(moved, [{"which": a, "into": d} for a, d in zip(*batch.to_pydict().values(), strict=True)])
    for batch in linked.deals.to_batches(ROWS):
        connection.execute(insert(deals), batch.to_pylist())


def _printed(connection: Connection) -> pa.Table:
    """The documents in stale blocks that more than one outlet printed, and how many did."""
    told = select(atoms.c.document).join(stale, stale.c.block == atoms.c.block)
    often = (
        select(publications.c.document, func.count())
        .where(publications.c.document.in_(told))
        .group_by(publications.c.document)
        .having(func.count() > 1)
    )
    rows = connection.execute(often)
    return pa.Table.from_pylist([dict(zip(PRINTED.names, row, strict=True)) for row in rows], PRINTED)
