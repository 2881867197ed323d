"""Third step: the documents that stand for themselves into claims."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from rasad.engines.batches import CLAIMS, claims_of
from rasad.engines.folder import Folder, batches_in
from rasad.engines.pool import DIED, Pool
from rasad.engines.progress import Progress

TOGETHER = 50_000  #: bytes of texts that are read in one go, about


def read_documents(folder: Folder, processes: int, watching: Progress) -> None:
    """Reads what is left of the documents of a run."""
    parts = folder.parts("documents")
    known = _known(folder)
    sizes = [_text_size(part, known) for part in parts]
    done = len(folder.parts("claims"))
    behind = sum(sizes[:done])
    watching.step("reading", sum(sizes))
    watching.done(behind)
    ends: deque[tuple[int, int]] = deque()

    def handed() -> Iterator[pa.RecordBatch]:
        for number in range(done, len(parts)):
            for batch in _to_read(parts[number], known):
                ends.append((number, batch.column("text").nbytes))
                yield batch

    held: dict[int, list[pa.RecordBatch]] = {number: [] for number in range(done, len(parts))}
    with Pool(claims_of, _lost_document, processes) as pool:
        for results in pool.results(handed()):
            number, size = ends.popleft()
            for finished in [n for n in held if n < number]:
                folder.write_part("claims", finished, held.pop(finished), CLAIMS)
            held[number] += results
            behind += size
            watching.done(behind)
    for number in sorted(held):
        folder.write_part("claims", number, held[number], CLAIMS)


def _text_size(part: Path, known: pa.Array) -> int:
    """The bytes of the texts that are read of a part."""
    return sum(batch.column("text").nbytes for batch in _to_read(part, known))


def _known(folder: Folder) -> pa.Array:
    """The documents that were read before."""
    kept = folder.work / "known.parquet"
    return parquet.read_table(kept)["id"].combine_chunks() if kept.exists() else pa.array([], pa.string())


def _to_read(part: Path, known: pa.Array) -> Iterator[pa.RecordBatch]:
    """The documents of a part that are to be read themselves, in batches of about the same length."""
    for batch in batches_in(part):
        alone = batch.filter(pc.is_null(batch.column("copy_of")))
        alone = alone.filter(pc.invert(pc.is_in(alone.column("id"), known)))
        begin, size = 0, 0
        for row, length in enumerate(pc.binary_length(alone.column("text")).to_pylist(), 1):
            size += length
            if size >= TOGETHER or row == alone.num_rows:
                yield alone.slice(begin, row - begin)
                begin, size = row, 0


def _lost_document(documents: pa.RecordBatch) -> pa.RecordBatch:
    rows = [
        {"document": row["name"], "document_id": row["id"], "fault": DIED}
        for row in documents.select(["id", "name"]).to_pylist()
    ]
    return pa.RecordBatch.from_pylist(rows, schema=CLAIMS)
