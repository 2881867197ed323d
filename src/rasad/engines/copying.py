"""Second step: which documents are read, and which are linked to one that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from rasad.engines.batches import DOCUMENTS, SIFTED
from rasad.engines.folder import Folder, batches_in, whole
from rasad.sources.corpus import MARKS, THREADS, copies_of

MEMORY = "200MB"  #: what DuckDB may take to number the documents; beyond it goes to disk
TEXT = 4 * 2**20  #: bytes of texts in a part that is read, about

# Of a text that several printed the first is read, and its name is that of the claims: the same one in whatever order they come.
ORDER = "published NULLS LAST, outlet NULLS LAST, name, address NULLS LAST, title NULLS LAST, author NULLS LAST"
RANKED = f"SELECT id, row, ROW_NUMBER() OVER (PARTITION BY id ORDER BY {ORDER}, row) AS place FROM sifted"
FIRST = f"SELECT row FROM ({RANKED}) AS ranked WHERE place = 1 ORDER BY row"
LINKED = f"""
SELECT l.copies, CASE WHEN l.copy_of IS NOT NULL THEN l.copy_of WHEN r.place > 1 THEN r.id END AS copy_of
FROM ({RANKED}) AS r JOIN links AS l ON l.id = r.id ORDER BY r.row
"""


def find_copies(folder: Folder, every_copy: bool) -> None:
    """Links the documents of a run, and puts them into parts to be read."""
    done = folder.work / "documents.done"
    if done.exists():
        return
    known = _links(folder, every_copy)
    names = [field.name for field in DOCUMENTS if field.name not in ("copies", "copy_of")]
    number, held, size = 0, list[pa.RecordBatch](), 0
    row = 0
    for part in folder.parts("sifted"):
        for batch in _documents(part, names):
            links = known.slice(row, batch.num_rows).combine_chunks()
            row += batch.num_rows
            held.append(
                pa.RecordBatch.from_arrays(
                    [*batch.columns, *(links.column(name).combine_chunks() for name in ("copies", "copy_of"))],
                    schema=DOCUMENTS,
                )
            )
            size += batch.column("text").nbytes
            if size >= TEXT:
                folder.write_part("documents", number, held, DOCUMENTS)
                number, held, size = number + 1, [], 0
    folder.write_part("documents", number, held, DOCUMENTS)
    whole(done, lambda file: file.write(b""))


def linked(links: pa.Table, every_copy: bool) -> pa.Table:
    """What settle gave; where every copy is read, without the documents that others are read in place of."""
    if not every_copy:
        return links
    return links.set_column(2, "copy_of", pa.nulls(len(links), pa.string()))


def _documents(part: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """These columns of the documents of a part."""
    for batch in batches_in(part, columns=["kind", *names]):
        kept = batch.filter(pc.equal(batch.column("kind"), "document")).select(names)
        if kept.num_rows:
            yield kept


def _links(folder: Folder, every_copy: bool) -> pa.Table:
    """For each document that was let through, in their order, its group of near-copies and the document that is read in its place."""
    names = ["id", "name", "outlet", "published", "address", "title", "author"]
    rows = [batch.select(names) for part in folder.parts("sifted") for batch in _documents(part, names)]
    table = pa.Table.from_batches(rows, pa.schema([SIFTED.field(name) for name in names]))
    settings: dict[str, Any] = {"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(folder.work)}
    with duckdb.connect(config=settings) as engine:
        engine.register("sifted", table.append_column("row", pa.array(range(len(table)), pa.int64())))
        first = engine.sql(FIRST).to_arrow_table().column("row")
        marked = _marked(folder, pc.is_in(pa.array(range(len(table))), first))
        engine.register("links", linked(copies_of(marked, folder.work), every_copy))
        return engine.sql(LINKED).to_arrow_table()


def _marked(folder: Folder, wanted: pa.BooleanArray) -> Iterator[pa.RecordBatch]:
    """What is compared of the documents that are wanted, of all in their order."""
    row, names = 0, ["id", "hash", "text", *MARKS]
    for part in folder.parts("sifted"):
        for batch in _documents(part, names):
            kept = batch.filter(wanted.slice(row, batch.num_rows))
            row += batch.num_rows
            length = pc.utf8_length(kept.column("text")).cast(pa.int64())
            columns = {"id": kept.column("id"), "hash": kept.column("hash"), "length": length}
            yield pa.record_batch(columns | {name: kept.column(name) for name in MARKS})
