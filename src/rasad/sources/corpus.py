"""Which texts of a corpus are near-copies of one another (:mod:`rasad.sources.copies`): those that share keys are compared, in
``copies.sql``, and put into groups."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rasad.sources.copies import LIKE, contains, likeness, winnowed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 10_000  #: documents at a time
PAIRS = 1_000  #: pairs at a time, which hold two signatures each
THREADS = 1  # more of them want more memory at once than that, and most of the time is spent outside DuckDB
MEMORY = (
    "150MB",
    "500MB",
    "2GB",
)  #: what DuckDB may take; beyond it goes to disk, and only where that does not do it takes the next
MARKS = ["signature", "story_start", "story_end"]  #: what is compared of documents
COMPARED = [("likeness", pa.float64()), ("contained", pa.bool_())]


def copies_of(documents: Iterable[pa.RecordBatch], room: Path | None = None) -> pa.Table:
    """The group of near-copies of each document and the document that is read in its place, as :func:`settle` gives them, from
    columns ``id`` (each once), ``hash``, ``length`` (characters), ``signature``, and ``story_start`` and ``story_end`` (:func:`story`): a
    row for each, in the same order. The signatures, longer than all the rest, are not held in memory, but in files in ``room``, or where
    such files are kept."""
    import duckdb

    with TemporaryDirectory(dir=room) as spill, _Marks(Path(spill, "marks")) as marks:
        named = marks.put_by(documents)
        numbers, order = _numbered(named)
        with duckdb.connect(Path(spill, "copies.duckdb"), config=_settings(spill)) as engine:
            engine.execute("SET enable_progress_bar = false")
            engine.execute("CREATE TABLE keys (document INTEGER, key INTEGER)")
            for start in range(0, len(numbers), BATCH):
                some = pa.array(numbers[start : start + BATCH])
                held = pa.array(map(marks.signature, range(start, start + len(some))), pa.binary())
                engine.register("made", pa.table(keys(pa.record_batch({"document": some, "signature": held}))))
                engine.execute("INSERT INTO keys SELECT * FROM made")
            _pair(engine)
            pairs = engine.sql("SELECT a, b FROM pairs ORDER BY a, b").to_arrow_reader(PAIRS)
            near = [compare(marks.of(pair, order)).filter(pc.field("likeness") >= LIKE) for pair in pairs]
    schema = pa.schema([("a", pa.int32()), ("b", pa.int32()), *COMPARED])
    named = named.select(["id"]).append_column("document", pa.array(numbers))
    return settle(pa.Table.from_batches(near, schema), named)


def _pair(engine: DuckDBPyConnection) -> None:
    """Makes the table ``pairs``, in as little memory as will do."""
    import duckdb

    for memory in MEMORY:
        engine.execute(f"SET memory_limit = '{memory}'")
        engine.begin()
        try:
            engine.execute(script())
        except duckdb.OutOfMemoryException:
            engine.rollback()
            if memory == MEMORY[-1]:
                raise
        else:
            engine.commit()
            return


class _Marks:
    """What is compared of documents, by their rows: the signatures in a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self.signature = lru_cache(maxsize=2_000)(self._signature)  # what is compared is compared with many
        self._ends = array("q", [0])
        self._stories = array("i")

    def __enter__(self) -> _Marks:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put_by(self, documents: Iterable[pa.RecordBatch]) -> pa.Table:
        """Keeps the marks of documents; gives the other columns."""
        others = pa.schema([("id", pa.string()), ("hash", pa.string()), ("length", pa.int64())])
        held: list[pa.RecordBatch] = []
        for batch in documents:
            for mark, *story in zip(*(batch.column(name).to_pylist() for name in MARKS), strict=True):
                self._file.write(mark)
                self._ends.append(self._ends[-1] + len(mark))
                self._stories.extend(story)
            held.append(batch.select(others.names))
        self._file.flush()
        return pa.Table.from_batches(held, others)

    def _signature(self, row: int) -> bytes:
        """The signature of the document in a row."""
        self._file.seek(self._ends[row])
        return self._file.read(self._ends[row + 1] - self._ends[row])

    def of(self, pairs: pa.RecordBatch, rows: NDArray[np.intp]) -> pa.RecordBatch:
        """Pairs of numbers with the marks of the documents in the rows of these numbers, as :func:`compare` wants them."""
        first, second = (rows[pairs.column(side).to_numpy()] for side in ("a", "b"))
        stories = [self._stories[2 * row : 2 * row + 2] for row in second]
        return pa.record_batch(
            {
                "a": pairs.column("a"), "b": pairs.column("b"),
                "signature_a": pa.array(map(self.signature, first), pa.binary()),
                "signature_b": pa.array(map(self.signature, second), pa.binary()),
                "story_start": pa.array([start for start, _ in stories], pa.int32()),
                "story_end": pa.array([end for _, end in stories], pa.int32()),
            }
        )  # fmt: skip


def _numbered(named: pa.Table) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """The number of each document, from the longest to the shortest; and the row of each number."""
    order = pc.sort_indices(named, [("length", "descending"), ("hash", "ascending")]).to_numpy()
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    return number, order


def _settings(spill: str) -> dict[str, str | bool | int | float | list[str]]:
    return {"threads": THREADS, "memory_limit": MEMORY[0], "preserve_insertion_order": False, "temp_directory": spill}


def script() -> str:
    """The text of ``copies.sql``, which makes pairs of documents out of :func:`keys`."""
    return files("rasad.sources").joinpath("copies.sql").read_text("utf-8")


def keys(documents: pa.RecordBatch) -> pa.RecordBatch:
    """The :func:`bands` of documents (``document``, by whatever name; ``signature``): ``document`` and ``key`` (the four bytes as a
    signed number), a row each."""
    found = [winnowed(mark) for mark in documents.column("signature").to_pylist()]
    rows = np.repeat(np.arange(len(found)), [len(one) for one in found])
    every = np.concatenate([*found, np.empty(0, np.uint32)]).view(np.int32)
    return pa.record_batch({"document": documents.column("document").take(pa.array(rows)), "key": pa.array(every)})


def compare(pairs: pa.RecordBatch) -> pa.RecordBatch:
    """The :func:`likeness` of pairs (``a``, ``b``, ``signature_a``, ``signature_b``, ``story_start``, ``story_end``: those of b) and
    whether b is a near-copy ``contained`` in a (:func:`contains`): ``a``, ``b``, ``likeness``, ``contained``."""
    columns = ("signature_a", "signature_b", "story_start", "story_end")
    marks = list(zip(*(pairs.column(name).to_pylist() for name in columns), strict=True))
    like = [likeness(a, b) for a, b, _, _ in marks]
    within = [one >= LIKE and contains(a, b, (begin, end)) for one, (a, b, begin, end) in zip(like, marks, strict=True)]
    return pa.record_batch(
        {
            "a": pairs.column("a"), "b": pairs.column("b"),
            "likeness": pa.array(like, pa.float64()), "contained": pa.array(within, pa.bool_()),
        }
    )  # fmt: skip


def settle(pairs: pa.Table, documents: pa.Table) -> pa.Table:
    """The groups of near-copies, from what :func:`compare` gave and the names (``document``) and ids (``id``) of all documents:
    ``id``; ``copies``, the smallest id of its group, as in the register; ``copy_of``, the id of the document that contains it and is
    itself contained in none, null where it is read itself.

    Names sort from the longest document to the shortest; of those as long the one with the smaller hash comes first.
    """
    near = pairs.filter(pc.greater_equal(pairs.column("likeness"), LIKE))
    linked = list(zip(near.column("a").to_pylist(), near.column("b").to_pylist(), strict=True))
    met = documents.filter(
        pc.is_in(
            documents.column("document"),
            pa.chunked_array([*near.column("a").chunks, *near.column("b").chunks], near.schema.field("a").type),
        )
    )
    ids: dict[Any, str] = dict(zip(met.column("document").to_pylist(), met.column("id").to_pylist(), strict=True))
    groups = components(((ids[a], ids[b]) for a, b in linked), ids.values())
    whole: dict[str, str] = {}
    within = near.filter(near.column("contained"))
    for b, a in sorted(zip(within.column("b").to_pylist(), within.column("a").to_pylist(), strict=True)):
        if ids[a] not in whole:
            whole.setdefault(ids[b], ids[a])
    every = documents.column("id").to_pylist()
    return pa.table(
        {
            "id": documents.column("id"),
            "copies": pa.array([groups.get(one, one) for one in every], pa.string()),
            "copy_of": pa.array([whole.get(one) for one in every], pa.string()),
        }
    )


def components(pairs: Iterable[tuple[str, str]], documents: Iterable[str]) -> dict[str, str]:
    """The group of each document: documents that pairs connect, over others too, are one group, named after its smallest id."""
    above = {document: document for document in documents}

    def top(document: str) -> str:
        while above[document] != document:
            above[document] = above[above[document]]
            document = above[document]
        return document

    for pair in pairs:
        first, second = sorted(map(top, pair))
        above[second] = first
    return {document: top(document) for document in above}
