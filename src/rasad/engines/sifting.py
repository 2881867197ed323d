"""First step: sources into the documents that may have claims."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from rasad.engines.batches import SIFTED, pieces_batch, pieces_in, sift, told_row
from rasad.engines.folder import Folder
from rasad.engines.plan import Batch, Position, batches, kept_plan
from rasad.engines.pool import DIED, Pool
from rasad.engines.progress import Progress
from rasad.result import Begun
from rasad.sources import Problem, Skipped

PART = 64 * 2**20  #: bytes of pieces after which what was sifted is put by


def sift_sources(folder: Folder, begun: Begun, processes: int, watching: Progress) -> None:
    """Sifts what is left of the sources of a run."""
    plan = kept_plan(folder.work / "plan", begun)
    done = folder.parts("sifted")
    position, behind = _came_to(done[-1]) if done else (Position(), 0)
    watching.step("sifting", plan.size)
    watching.done(behind)
    if position.piece >= len(plan.pieces) and done:
        return
    number, held, weight = len(done), [] if done else [rows_of(plan.found())], 0
    for entry in told(held):
        watching.say(entry)
    for batch, results in sifted(batches(plan, position), processes):
        held += [*results, rows_of(batch.said)]
        for entry in told([*results, held[-1]]):
            watching.say(entry)
        watching.done(batch.behind)
        weight += batch.weight
        if weight >= PART:
            put_by(folder, number, held, batch.end, batch.behind)
            number, held, weight = number + 1, [], 0
    put_by(folder, number, held, Position(len(plan.pieces)), plan.size)


def sifted(batches: Iterable[Batch], processes: int) -> Iterator[tuple[Batch, list[pa.RecordBatch]]]:
    """Batches of a plan, each with what so many processes sifted of it."""
    under_way: deque[Batch] = deque()

    def handed() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            under_way.append(batch)
            yield pieces_batch(batch.pieces)

    with Pool(sift, _lost_piece, processes) as pool:
        for results in pool.results(handed()):
            yield under_way.popleft(), results


def _came_to(part: Path) -> tuple[Position, int]:
    """Where the work stood when a part was put by, and how many bytes lay behind it."""
    piece, entry, behind = map(int, parquet.read_schema(part).metadata[b"end"].split())
    return Position(piece, entry), behind


def put_by(folder: Folder, number: int, held: list[pa.RecordBatch], end: Position, behind: int) -> None:
    """Writes what was sifted up to a position as a part."""
    schema = SIFTED.with_metadata({"end": f"{end.piece} {end.entry} {behind}"})
    folder.write_part("sifted", number, held, schema)


def rows_of(entries: Sequence[Problem | Skipped]) -> pa.RecordBatch:
    """What is to be told of sources, as rows of :data:`SIFTED`."""
    return pa.RecordBatch.from_pylist([told_row(entry) for entry in entries], schema=SIFTED)


def told(results: Sequence[pa.RecordBatch]) -> Iterator[Problem | Skipped]:
    """What was set aside and remarked on in batches of :data:`SIFTED`."""
    for batch in results:
        fields = batch.select(["kind", "name", "fault", "place"])
        for row in fields.filter(pc.field("kind").isin(["aside", "remark"])).to_pylist():
            aside = row["kind"] == "aside"
            yield Skipped(row["name"], row["fault"], row["place"]) if aside else Problem(row["name"], row["fault"])


def _lost_piece(pieces: pa.RecordBatch) -> pa.RecordBatch:
    return rows_of([Skipped(piece.name, DIED, piece.place) for piece in pieces_in(pieces)])
