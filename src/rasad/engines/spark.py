"""A run on a Spark cluster: the same functions, carried to the workers with mapInArrow, in steps that are each done once. What a step
wrote is kept until the run has ended, so that a run that was stopped goes on after its last whole step; within a step Spark itself
does again what a lost worker had not finished.

The workers open the sources themselves: paths have to mean the same on each of them (a shared file system, or addresses such as
s3://…). The destination is written by Spark, and may be on any file system that Spark and fsspec know.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from rasad.engines.batches import CLAIMS, COUNTS, DOCUMENTS, SIFTED, claims_of, pieces_batch, sift
from rasad.engines.copying import ORDER, linked
from rasad.engines.ending import KEPT
from rasad.engines.folder import TAKEN, RunError, resumed
from rasad.engines.plan import Plan, batches, planned
from rasad.engines.progress import Progress
from rasad.engines.sifting import rows_of, told
from rasad.engines.spark_deals import deals, deals_here
from rasad.engines.spark_session import session
from rasad.engines.spark_sql import execute
from rasad.register.add import reader
from rasad.result import ASIDE, RUN, Begun, Described, Report, described, listed
from rasad.sources import Piece, Skipped
from rasad.sources.copies import LIKE
from rasad.sources.corpus import compare, copies_of, keys, script, settle

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TASK = 32 * 2**20  #: bytes of sources in a task, at most about; an archive is in one task, however large
TEXT = 2**20  #: bytes of texts that a task reads, at most about
LEAST = 100_000  #: bytes of texts that are worth a task
EACH = 8  #: tasks for each core where there is enough to do, so that none waits long for the last
#: Documents up to which the driver finds copies itself, and four times as many claims up to which it gathers the deals: a cluster takes
#: a minute to share out so little.
FEW = 50_000
SETTINGS = {"spark.sql.execution.arrow.maxRecordsPerBatch": "500"}


def run(
    sources: Sequence[str], destination: str, *, master: str, language: str | None = None,
    columns: dict[str, str] | None = None, every_copy: bool = False, settings: Mapping[str, str] | None = None, watching: Progress,
) -> Report:  # fmt: skip
    """Reads sources into a folder like that of :func:`rasad.engines.local.run`, with as many files as there were tasks; the claims
    are the same. ``settings`` are Spark's. Raises RunError where it cannot begin or go on, and where a worker has another version of Rasad; SparkError
    where there is no Spark."""
    place = _Destination(destination)
    begun = Begun(
        reader=reader(), sources=list(sources), language=language, columns=columns or {}, every_copy=every_copy
    )
    run_so_far = resumed(place, "spark", begun)
    if run_so_far.report is not None:
        return run_so_far.report
    started = time.monotonic()
    spark = session(master, {**SETTINGS, **(settings or {})})
    try:
        _sift(spark, place, begun, watching)
        _link(spark, place, begun.every_copy, watching)
        _read(spark, place, begun.reader, watching)
        report = _finish(spark, place, watching)
    finally:
        spark.stop()
    report.seconds = round(time.monotonic() - started, 1)
    run_so_far.report = report
    place.tell(run_so_far)
    place.clear()
    return report


class _Destination:
    """The destination, wherever it is."""

    def __init__(self, destination: str) -> None:
        from fsspec.core import url_to_fs

        self._store, self.name = url_to_fs(destination)
        local = "file" in self._store.protocol
        self.address = f"file://{self.name}" if local else destination.rstrip("/")

    def describe(self) -> Described | None:
        """What ``run.json`` tells; None where there is none. Raises RunError where it is not as it should be."""
        path = f"{self.name}/{RUN}"
        try:
            return described(self._store.cat_file(path)) if self._store.exists(path) else None
        except ValueError as error:
            raise RunError(f"{path}: cannot be read ({error})") from None

    def begin(self, told: Described) -> None:
        """Makes the folder. Raises RunError where something else is in it."""
        if self._store.exists(self.name) and self._store.ls(self.name):
            raise RunError(f"{self.name}: {TAKEN}")
        self._store.makedirs(f"{self.name}/work", exist_ok=True)
        self.tell(told)

    def tell(self, told: Described) -> None:
        """Writes ``run.json``."""
        self._store.pipe_file(f"{self.name}/{RUN}", told.packed())

    def set_aside(self, aside: Sequence[Skipped]) -> None:
        """Writes the list of what was set aside."""
        self._store.pipe_file(f"{self.name}/{ASIDE}", listed(aside))

    def done(self, step: str) -> bool:
        """Whether Spark wrote the whole of a step."""
        return bool(self._store.exists(f"{self.name}/{step}/_SUCCESS"))

    def clear(self) -> None:
        """Takes away what is needed only while the run is under way."""
        self._store.rm(f"{self.name}/work", recursive=True)


def _sift(spark: SparkSession, place: _Destination, begun: Begun, watching: Progress) -> None:
    if place.done("work/sifted"):
        return
    plan = planned(begun)
    tasks = list(_tasks(plan.pieces, min(TASK, plan.size // (EACH * spark.sparkContext.defaultParallelism))))
    wanted = begun.reader

    def sifted(given: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _check_version(wanted)
        for task in (task for batch in given for task in batch.column("task").to_pylist()):
            pieces = msgspec.msgpack.decode(task, type=list[Piece])
            for batch in batches(Plan(pieces, [])):
                yield sift(pieces_batch(batch.pieces))
                yield rows_of(batch.said)

    spread = spark.sparkContext.parallelize([(msgspec.msgpack.encode(task),) for task in tasks], max(1, len(tasks)))
    with _followed(spark, watching, "sifting", plan.size):
        found = spark.createDataFrame(spread, "task binary").mapInArrow(sifted, _schema(SIFTED))
        before = spark.createDataFrame(pa.Table.from_batches([rows_of(plan.found())]))
        found.unionByName(before).write.mode("overwrite").parquet(f"{place.address}/work/sifted")


def _tasks(pieces: Sequence[Piece], least: int) -> Iterator[list[Piece]]:
    """Pieces that are done one after the other: of so many bytes, or a little more."""
    held: list[Piece] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += piece.size
        if size >= least:
            yield held
            held, size = [], 0
    if held:
        yield held


def _check_version(wanted: str) -> None:
    if reader() != wanted:
        raise RuntimeError(f"this worker has another version of Rasad's reader ({reader()}, not {wanted})")


def _link(spark: SparkSession, place: _Destination, every_copy: bool, watching: Progress) -> None:
    if place.done("work/documents"):
        return
    work = f"{place.address}/work"
    with _followed(spark, watching, "finding copies", 0):
        sifted = spark.read.parquet(f"{work}/sifted").where("kind = 'document'")
        sifted.createOrReplaceTempView("sifted")
        ranked = spark.sql(f"SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY {ORDER}) AS printing FROM sifted")
        ranked.createOrReplaceTempView("ranked")
        settled = _settled_here(spark) if sifted.count() <= _few(spark) else _settled(spark, work)
        spark.createDataFrame(linked(settled, every_copy)).createOrReplaceTempView("links")
        documents = spark.sql(
            "SELECT r.*, COALESCE(l.copies, r.id) AS copies, "
            "CASE WHEN l.copy_of IS NOT NULL THEN l.copy_of WHEN r.printing > 1 THEN r.id END AS copy_of "
            "FROM ranked AS r LEFT JOIN links AS l ON l.id = r.id"
        )
        documents.select(DOCUMENTS.names).write.mode("overwrite").parquet(f"{work}/documents")


def _few(spark: SparkSession) -> int:
    told = spark.conf.get("spark.rasad.few", str(FEW)) or ""
    if not told.isdecimal():
        raise RunError(f"--conf spark.rasad.few={told}: is no number")
    return int(told)


def _settled_here(spark: SparkSession) -> pa.Table:
    """What copies_of gives of the documents ``ranked``."""
    marked = "SELECT id, hash, CAST(LENGTH(text) AS BIGINT) AS length, signature, story_start, story_end FROM ranked WHERE printing = 1"
    return copies_of(spark.sql(marked).toArrow().to_batches())


def _settled(spark: SparkSession, work: str) -> pa.Table:
    """The same, found by the workers."""
    named = spark.sql(  # names sort from the longest text to the shortest, as settle wants them
        "SELECT CONCAT(LPAD(CAST(2147483647 - LENGTH(text) AS STRING), 10, '0'), hash) AS document, id, signature, story_start, story_end "
        "FROM ranked WHERE printing = 1"
    )
    named.write.mode("overwrite").parquet(f"{work}/named")
    named = spark.read.parquet(f"{work}/named")
    named.mapInArrow(lambda some: map(keys, some), "document string, key int").createOrReplaceTempView("keys")
    execute(spark, script(), f"{work}/copies")
    return settle(*_compared(spark, named))


def _compared(spark: SparkSession, named: DataFrame) -> tuple[pa.Table, pa.Table]:
    """The pairs of documents that are near-copies, and these documents."""
    named.createOrReplaceTempView("named")
    pairs = spark.sql(
        "SELECT p.a, p.b, x.signature AS signature_a, y.signature AS signature_b, y.story_start, y.story_end "
        "FROM pairs AS p JOIN named AS x ON x.document = p.a JOIN named AS y ON y.document = p.b"
    )
    # in order, so that a signature is taken apart once for those that it is compared with
    compared = pairs.sortWithinPartitions("a", "b").mapInArrow(
        lambda some: map(compare, some), "a string, b string, likeness double, contained boolean"
    )
    compared.where(f"likeness >= {LIKE}").createOrReplaceTempView("near")
    near = spark.sql("SELECT * FROM near").toArrow()
    met = pa.table(
        {"document": pa.concat_arrays([*near["a"].chunks, *near["b"].chunks, pa.array([], pa.string())]).unique()}
    )
    spark.createDataFrame(met).createOrReplaceTempView("met")
    return near, spark.sql("SELECT n.document, n.id FROM named AS n JOIN met AS m ON m.document = n.document").toArrow()


def _read(spark: SparkSession, place: _Destination, wanted: str, watching: Progress) -> None:
    if place.done("work/claims"):
        return
    alone = spark.read.parquet(f"{place.address}/work/documents").where("copy_of IS NULL")
    size = int(alone.selectExpr("COALESCE(SUM(OCTET_LENGTH(text)), 0) AS size").collect()[0]["size"])

    def read(some: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _check_version(wanted)
        yield from map(claims_of, some)

    tasks = 1 + max(size // TEXT, min(size // LEAST, EACH * spark.sparkContext.defaultParallelism))
    with _followed(spark, watching, "reading", size):
        claims = alone.select("name", "text", "language").repartition(tasks).mapInArrow(read, _schema(CLAIMS))
        claims.write.mode("overwrite").parquet(f"{place.address}/work/claims")


def _finish(spark: SparkSession, place: _Destination, watching: Progress) -> Report:
    work = f"{place.address}/work"
    with _followed(spark, watching, "gathering", 0):
        documents, read = spark.read.parquet(f"{work}/documents"), spark.read.parquet(f"{work}/claims")
        documents.write.mode("overwrite").parquet(f"{place.address}/documents")
        claims = read.where("fault IS NULL").select(*KEPT.names, "frame")
        together = claims.hint("rebalance", "frame")
        together.write.mode("overwrite").partitionBy("frame").parquet(f"{place.address}/claims")
        sifted = spark.read.parquet(f"{work}/sifted")
        report = Report(
            **_counted(sifted, **{name: f"SUM({name})" for name in COUNTS}),
            **_counted(documents, about="COUNT(*)", copies="COUNT(copy_of)"),
            claims=claims.count(),
        )
        if report.claims <= 4 * _few(spark):
            assignment, summary = deals_here(spark, claims, documents)
        else:
            assignment, summary = deals(spark, claims, documents, f"{work}/deals")
        summary.coalesce(1).write.mode("overwrite").parquet(f"{place.address}/deals/deals.parquet")
        assignment.write.mode("overwrite").parquet(f"{place.address}/deals/claims.parquet")
        report.deals = summary.count()
        aside = list(told(sifted.where("kind IN ('aside', 'remark')").toArrow().to_batches()))
        for entry in aside:
            watching.say(entry)
        failed = read.where("fault IS NOT NULL").select("document", "fault").collect()
        left = [entry for entry in aside if isinstance(entry, Skipped)] + [Skipped(*row) for row in failed]
        place.set_aside(sorted(left))
        report.read, report.aside = report.about - report.copies - len(failed), len(left)
    return report


def _counted(frame: DataFrame, **counts: str) -> dict[str, int]:
    """What aggregates of a frame come to."""
    row = frame.selectExpr(*(f"COALESCE({count}, 0) AS {name}" for name, count in counts.items())).collect()[0]
    return {name: int(row[name]) for name in counts}


def _schema(schema: pa.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


@contextmanager
def _followed(spark: SparkSession, watching: Progress, step: str, total: int) -> Iterator[None]:
    """Tells how many of the tasks of a step are done, as bytes of it."""
    watching.step(step, total)
    ended = threading.Event()

    def follow(tracker: Any) -> None:
        while not ended.wait(1.0):
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            tasks = sum(stage.numTasks for stage in stages if stage)
            if tasks:
                watching.done(total * sum(stage.numCompletedTasks for stage in stages if stage) // tasks)

    follower = threading.Thread(target=follow, args=(spark.sparkContext.statusTracker(),), daemon=True)
    follower.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()
    watching.done(total)
