"""Claims of a run into deals, in the memory of one process: ``printings.sql`` tells where each document was printed,
:func:`documented` from which source its claims come, :func:`reported_atoms` makes the atoms of the claims, and
:mod:`rasad.register.linking` links them. :mod:`rasad.engines.spark_deals` carries the same to Spark.

What a register has beside, and a run has not: what reviewers decided, and the links of persons and organisations that the
gazetteer does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import duckdb
import pyarrow as pa
from pyarrow import dataset, parquet

from rasad.claims import decoded
from rasad.register.atoms import ATOM_SCHEMA, Reported, atoms
from rasad.register.independence import sources
from rasad.register.linking import THREADS, Linked, link
from rasad.register.store import credited, year_of

#: A document that was read: the source of those of its claims that credit nobody, when it was first printed, and by how many outlets.
DOCUMENTED: pa.Schema = pa.schema(
    [("document", pa.string()), ("source", pa.string()), ("published", pa.string()), ("printings", pa.int64())]
)
TOLD = """
SELECT c.document_id, c.claim, d.source, d.published FROM claims AS c LEFT JOIN documented AS d ON d.document = c.document_id
"""
CLAIMED = ("document_id", "claim")  #: what is needed of claims
PRINTED_AS = ("id", "outlet", "copies", "origin", "published", "copy_of")  #: and of documents
BATCH = 2_000  #: claims made into atoms at a time
PART = 25_000  #: claims linked at a time, about
MEMORY = "100MB"  #: what DuckDB may take to join claims and documents; beyond it goes to disk


def printings() -> str:
    """The text of ``printings.sql``."""
    return files("rasad.engines").joinpath("printings.sql").read_text("utf-8")


def documented(printing: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The documents (:data:`DOCUMENTED`) of rows of ``printing``, in which every group of near-copies has to be whole."""
    rows = [row for batch in printing for row in batch.to_pylist()]
    documents = [(row["document"], row["outlet"], row["copies"], row["origin"]) for row in rows]
    found = sources(documents, ((row["document"], row["document"], None) for row in rows))
    dates: dict[str, list[str | None]] = {}
    for row in rows:
        dates.setdefault(row["document"], []).append(row["published"])
    yield pa.RecordBatch.from_pylist(
        [
            {
                "document": document, "source": found[document], "published": min(filter(None, known), default=None),
                "printings": len(known),
            }
            for document, known in dates.items()
        ],
        schema=DOCUMENTED,
    )  # fmt: skip


def reported_atoms(told: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The atoms (:data:`rasad.register.atoms.ATOM_SCHEMA`) of rows of :data:`TOLD`. Raises ValueError for a claim whose document
    is not there."""
    for batch in told:
        yield from atoms(map(_reported, *(column.to_pylist() for column in batch.columns))).to_batches()


def _reported(document: str, body: str, source: str | None, published: str | None) -> Reported:
    claim = decoded(body)
    if source is None:
        raise ValueError(f"claim {claim.id}: its document {document} is not among the documents that were read")
    return Reported(claim, document, year_of(published), credited(claim) or source)


def gathered(claims: Path, documents: Path) -> Linked:
    """The deals and relations of a run, all at once. See :func:`gathered_parts`."""
    parts = list(gathered_parts(claims, documents)) or [link(ATOM_SCHEMA.empty_table())]
    return Linked(
        pa.concat_tables([one.assignments for one in parts]).sort_by("atom"),
        pa.concat_tables([one.deals for one in parts]).sort_by("deal"),
    )


def gathered_parts(claims: Path, documents: Path, part: int = PART) -> Iterator[Linked]:
    """The deals and relations of the claims in a folder of Parquet files (columns ``document_id`` and ``claim``, as in
    batches.CLAIMS, each claim once) over the documents in another (batches.DOCUMENTS), of about ``part`` claims at a time, so that
    the memory it takes does not grow with them. A deal is in one part, with all its claims."""
    with TemporaryDirectory(prefix="rasad-deals-") as scratch:
        with duckdb.connect(
            Path(scratch, "deals.duckdb"),
            config={"threads": THREADS, "memory_limit": MEMORY, "preserve_insertion_order": False},
        ) as engine:
            _open(engine, "documents", documents, PRINTED_AS)
            _open(engine, "claims", claims, CLAIMED)
            engine.execute(printings())
            _document(engine, part)
            printed = engine.sql("SELECT document, printings FROM documented WHERE printings > 1").to_arrow_table()
            count = engine.sql(f"SELECT COUNT(*) // {part} + 1 FROM claims").fetchall()[0][0]
            folders = _atoms(engine, Path(scratch, "atoms"), count)
        for folder in folders:
            yield link(parquet.read_table(folder, schema=ATOM_SCHEMA, partitioning=None), printed=printed)


def _open(engine: duckdb.DuckDBPyConnection, name: str, folder: Path, columns: Sequence[str]) -> None:
    """Makes the Parquet files in a folder, and in those in it, a view."""
    found = [str(path) for path in sorted(folder.rglob("*.parquet"))]
    if found:
        engine.read_parquet(found, hive_partitioning=False).select(*columns).create_view(name)
    else:
        engine.register(name, pa.schema([(column, pa.string()) for column in columns]).empty_table())


def _document(engine: duckdb.DuckDBPyConnection, part: int) -> None:
    """Makes the table ``documented``."""
    engine.register("none", DOCUMENTED.empty_table())
    engine.execute("CREATE TABLE documented AS SELECT * FROM none")
    count = engine.sql(f"SELECT COUNT(*) // {part} + 1 FROM printing").fetchall()[0][0]
    for number in range(count):
        some = engine.sql(f"SELECT * FROM printing WHERE hash(copies) % {count} = {number}").to_arrow_table()
        engine.register("fresh", pa.Table.from_batches(documented(some.to_batches()), DOCUMENTED))
        engine.execute("INSERT INTO documented SELECT * FROM fresh")


def _atoms(engine: duckdb.DuckDBPyConnection, into: Path, count: int) -> list[Path]:
    """Writes the atoms into so many folders, those of a block into one; gives the folders."""
    into.mkdir()
    made = reported_atoms(engine.sql(TOLD).to_arrow_reader(BATCH))
    numbered = ATOM_SCHEMA.append(pa.field("part", pa.int32()))

    def parted(batch: pa.RecordBatch) -> pa.RecordBatch:
        numbers = [crc32(block.encode()) % count for block in batch.column("block").to_pylist()]
        return pa.RecordBatch.from_arrays([*batch.columns, pa.array(numbers, pa.int32())], schema=numbered)

    dataset.write_dataset(
        map(parted, made), into, schema=numbered, format="parquet", partitioning=["part"],
        max_partitions=count, min_rows_per_group=PART // count,
    )  # fmt: skip
    return sorted(into.iterdir())
