"""What a run set aside, tried again: what can be read now is added to what the run wrote, as if it had been there from the
beginning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
from pyarrow import parquet

from rasad.cores import cores
from rasad.engines.batches import COUNTS, DOCUMENTS, SIFTED
from rasad.engines.folder import Folder, RunError, batches_in, whole
from rasad.engines.local import complete
from rasad.engines.plan import Plan, Position, batches, planned
from rasad.engines.progress import Progress
from rasad.engines.sifting import put_by, rows_of, sifted, told
from rasad.register.add import reader
from rasad.result import Begun, Report
from rasad.sources import Skipped


def retry(destination: Path, *, processes: int | None = None, watching: Progress) -> Report:
    """Reads again what a run could not read; gives what the run did now, with what is still set aside. One that was stopped goes on.
    Raises RunError where there is no run that has ended, or where another version of the reader made it; OSError where the folder
    cannot be written."""
    folder = Folder(destination)
    described = folder.describe()
    if described is None:
        raise RunError(f"{destination}: no folder that rasad run wrote")
    if described.begun.reader != reader():
        raise RunError(f"{destination}: another version of the reader made its claims; run it anew into a new folder")
    if described.report is None:
        raise RunError(f"{destination}: the run has not ended; give rasad run the same again for the rest")
    if not (folder.work / "again").exists():
        aside = folder.aside()
        if not aside:
            return described.report
        processes = cores() if processes is None else processes
        _begin_again(folder, described.begun, described.report, aside, processes, watching)
    return complete(folder, described, processes, watching)


def _begin_again(
    folder: Folder, begun: Begun, report: Report, aside: list[Skipped], processes: int, watching: Progress
) -> None:
    """Makes of what a run wrote the work of one that is under way: all is sifted, and what it read need not be read again."""
    beside = Folder(folder.path, "work.unfinished")
    shutil.rmtree(beside.work, ignore_errors=True)
    beside.work.mkdir()
    whole(beside.work / "again", lambda file: file.write(b""))
    whole(beside.work / "plan", lambda file: file.write(Plan([], []).packed()))
    whole(beside.work / "seconds", lambda file: file.write(str(report.seconds).encode()))
    failed = {entry.path for entry in aside if entry.place is None}
    number, known, there = 0, list[str](), set[tuple[str, str]]()
    for path in sorted((folder.path / "documents").glob("*.parquet")):
        for batch in batches_in(path, rows=2_000):
            for row in batch.select(["id", "hash", "name", "copy_of"]).to_pylist():
                there.add((row["hash"], row["name"]))
                if row["copy_of"] is None and row["name"] not in failed:
                    known.append(row["id"])
            put_by(beside, number, [_sifted(batch)], Position(), 0)
            number += 1
    parquet.write_table(pa.table({"id": pa.array(known, pa.string())}), beside.work / "known.parquet")
    tried = list(_tried(begun, report, aside, there, processes, watching))
    for entry in told(tried):
        watching.say(entry)
    put_by(beside, number, tried, Position(), 0)
    _link(folder.path / "claims", beside.work / "before")
    shutil.rmtree(folder.work, ignore_errors=True)
    beside.work.rename(folder.work)


def _sifted(documents: pa.RecordBatch) -> pa.RecordBatch:
    rows = documents.num_rows
    columns = {name: documents.column(name) for name in DOCUMENTS.names if name in SIFTED.names}
    columns["kind"] = pa.array(["document"] * rows)
    return pa.RecordBatch.from_arrays(
        [columns[field.name] if field.name in columns else pa.nulls(rows, field.type) for field in SIFTED],
        schema=SIFTED,
    )


def _tried(
    begun: Begun, report: Report, aside: list[Skipped], there: set[tuple[str, str]], processes: int, watching: Progress
) -> Iterator[pa.RecordBatch]:
    """What the places give now that the run has not, and what it counted."""
    counts = {name: getattr(report, name) for name in COUNTS}
    places = sorted(
        {entry.place for entry in aside if entry.place is not None}
    )  # none: the text is there, the reader failed
    plan = planned(msgspec.structs.replace(begun, sources=places))
    watching.step("trying again", plan.size)
    yield rows_of([entry for entry in plan.found() if isinstance(entry, Skipped)])
    for batch, results in sifted(batches(plan), processes):
        rows = [row for result in results for row in result.to_pylist()]
        fresh = [row for row in rows if row["kind"] != "document" or (row["hash"], row["name"]) not in there]
        kept = [row for row in fresh if row["kind"] in ("document", "aside")]
        counts["texts"] += sum(row["kind"] == "document" for row in kept)
        yield pa.RecordBatch.from_pylist(kept, schema=SIFTED)
        yield rows_of([entry for entry in batch.said if isinstance(entry, Skipped)])
        watching.done(batch.behind)
    yield pa.RecordBatch.from_pylist([{"kind": "counts", **counts}], schema=SIFTED)


def _link(folder: Path, into: Path) -> None:
    """The files of a folder in another place too, without copying them where that can be."""
    try:
        shutil.copytree(folder, into, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(folder, into)
