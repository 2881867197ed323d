"""Last step: what was read is put where it stays, gathered into deals, and counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from rasad.engines.batches import CLAIMS, COUNTS, DOCUMENTS
from rasad.engines.deals import gathered_parts
from rasad.engines.folder import Folder, batches_in
from rasad.engines.sifting import told
from rasad.register.atoms import ATOM_SCHEMA
from rasad.register.linking import link
from rasad.result import Report
from rasad.sources import Skipped

ROWS = 5_000  #: claims at a time
BYTES = 256 * 2**20  #: of a file of documents or claims, unpacked, about
GROUP = 8 * 2**20  #: of a group of rows in it

KEPT = pa.schema([CLAIMS.field(name) for name in CLAIMS.names if name not in ("frame", "fault")])


def finish(folder: Folder) -> Report:
    """Writes the documents, claims and deals of a run; gives what it did. Done again as a whole where it was stopped."""
    report, aside = Report(), list[Skipped]()
    for part in folder.parts("sifted"):
        table = parquet.read_table(part, columns=["kind", "name", "fault", "place", *COUNTS])
        for name in COUNTS:
            setattr(report, name, getattr(report, name) + (pc.sum(table[name]).as_py() or 0))
        aside += [entry for entry in told(table.to_batches()) if isinstance(entry, Skipped)]
    documents, claims, deals = (folder.path / name for name in ("documents", "claims", "deals"))
    for place in (documents, claims, deals):
        shutil.rmtree(place, ignore_errors=True)
    alone: list[pa.Array] = []
    with _Rolling(documents, DOCUMENTS) as rolling:
        for part in folder.parts("documents"):
            for batch in batches_in(part):
                rolling.write(batch)
                alone.append(batch.filter(pc.is_null(batch.column("copy_of"))).column("id"))
                report.about += batch.num_rows
                report.copies += batch.num_rows - batch.column("copy_of").null_count
    aside += _write_claims(folder, claims, report, pa.chunked_array(alone, pa.string()))
    report.deals = _write_deals(claims, documents, deals)
    folder.set_aside(aside)
    report.aside = len(aside)
    return report


def _write_deals(claims: Path, documents: Path, into: Path) -> int:
    """Gathers the claims; gives how many deals and relations there are."""
    none, count = link(ATOM_SCHEMA.empty_table()), 0
    into.mkdir()
    with (
        parquet.ParquetWriter(into / "deals.parquet", none.deals.schema, compression="zstd") as deals,
        parquet.ParquetWriter(into / "claims.parquet", none.assignments.schema, compression="zstd") as assignments,
    ):
        for linked in gathered_parts(claims, documents):
            deals.write_table(linked.deals)
            assignments.write_table(linked.assignments)
            count += linked.deals.num_rows
    return count


def _write_claims(folder: Folder, into: Path, report: Report, alone: pa.ChunkedArray) -> list[Skipped]:
    """Writes the claims, those of each frame in a folder of their own; gives the documents at which the reader failed."""
    failed: list[Skipped] = []
    into.mkdir()
    with ExitStack() as open_files:
        frames: dict[str, _Rolling] = {}
        for frame, batch in _claims(folder, alone):
            if frame is None:
                failed += [Skipped(row["document"], row["fault"]) for row in batch.to_pylist()]
                continue
            if frame not in frames:
                frames[frame] = open_files.enter_context(_Rolling(into / f"frame={frame}", KEPT))
            frames[frame].write(batch.select(KEPT.names))
            report.claims += batch.num_rows
    report.read = report.about - report.copies - len(failed)
    return failed


def _claims(folder: Folder, alone: pa.ChunkedArray) -> Iterator[tuple[str | None, pa.RecordBatch]]:
    """The claims by frame, first those that were read before, of what is still read itself; under None what the reader failed at."""
    for path in sorted((folder.work / "before").glob("frame=*/*.parquet")):
        for batch in batches_in(path, rows=ROWS):
            yield path.parent.name.removeprefix("frame="), batch.filter(pc.is_in(batch.column("document_id"), alone))
    for part in folder.parts("claims"):
        for batch in batches_in(part, rows=ROWS):
            for frame in pc.unique(batch.column("frame")).to_pylist():
                same = pc.is_null(batch.column("frame")) if frame is None else pc.equal(batch.column("frame"), frame)
                yield frame, batch.filter(same)


class _Rolling:
    """A folder of Parquet files of about :data:`BYTES` each."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self._schema = folder, schema
        self._writer: parquet.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._files = self._size = self._weight = 0

    def __enter__(self) -> _Rolling:
        self._folder.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write_group()
        if self._writer is not None:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Takes rows, which are in a file when enough have come."""
        self._held.append(batch)
        self._weight += batch.nbytes
        if self._weight >= GROUP:
            self._write_group()

    def _write_group(self) -> None:
        if not self._weight:
            return
        if self._writer is None:
            path = self._folder / f"part-{self._files:05}.parquet"
            self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._writer.write_table(pa.Table.from_batches(self._held, self._schema))
        self._size += self._weight
        self._held, self._weight = [], 0
        if self._size >= BYTES:
            self._writer.close()
            self._writer, self._files, self._size = None, self._files + 1, 0
