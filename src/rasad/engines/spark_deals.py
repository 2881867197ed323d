"""Claims of a run into deals on Spark: the SQL and the functions of :mod:`rasad.engines.deals`, carried there."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from pyarrow import parquet

from rasad.engines.deals import CLAIMED, DOCUMENTED, PRINTED_AS, TOLD, documented, gathered, printings, reported_atoms
from rasad.engines.spark_sql import execute
from rasad.gazetteer import groups
from rasad.register.atoms import ATOM_SCHEMA
from rasad.register.linking import MOVED, script

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def deals(spark: SparkSession, claims: DataFrame, documents: DataFrame, scratch: str) -> tuple[DataFrame, DataFrame]:
    """Which deal or relation each atom of the claims belongs to, and what each of them shows: the assignments and deals of
    :class:`rasad.register.linking.Linked`.

    ``claims`` needs the columns ``document_id`` and ``claim`` of batches.CLAIMS, each claim once; ``documents`` those of
    batches.DOCUMENTS but the texts and signatures. See :func:`link` for ``scratch`` and the names that are used.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    claims.createOrReplaceTempView("claims")
    documents.createOrReplaceTempView("documents")
    execute(spark, printings(), scratch)
    folder = f"{scratch}/{uuid4().hex}"
    groups_together = spark.table("printing").repartition("copies")
    groups_together.mapInArrow(documented, from_arrow_schema(DOCUMENTED)).write.parquet(f"{folder}/documented")
    spark.read.parquet(f"{folder}/documented").createOrReplaceTempView("documented")
    spark.sql(TOLD).mapInArrow(reported_atoms, from_arrow_schema(ATOM_SCHEMA)).write.parquet(f"{folder}/atoms")
    printed = spark.table("documented").where("printings > 1").select("document", "printings")
    return link(spark, spark.read.parquet(f"{folder}/atoms"), printed, scratch)


def deals_here(spark: SparkSession, claims: DataFrame, documents: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The same, gathered by the driver as in a run without Spark."""
    with TemporaryDirectory(prefix="rasad-deals-") as scratch:
        for name, frame in (("claims", claims.select(*CLAIMED)), ("documents", documents.select(*PRINTED_AS))):
            folder = Path(scratch, name)
            folder.mkdir()
            parquet.write_table(frame.toArrow(), folder / "all.parquet")
        linked = gathered(Path(scratch, "claims"), Path(scratch, "documents"))
    return spark.createDataFrame(linked.assignments), spark.createDataFrame(linked.deals)


def link(spark: SparkSession, atoms: DataFrame, printed: DataFrame, scratch: str) -> tuple[DataFrame, DataFrame]:
    """:func:`rasad.register.linking.link` on Spark, of the atoms and of the documents that more than one outlet printed.

    ``scratch`` is a folder that every worker reaches; the frames that are given read from it, so that the caller takes it away
    once they have been written. The session's temporary views with the names of the tables of ``linking.sql`` are replaced.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    atoms.createOrReplaceTempView("atoms")
    printed.createOrReplaceTempView("printed")
    spark.createDataFrame(list(groups().items()), "item string, sort string").createOrReplaceTempView("sort")
    spark.createDataFrame([], from_arrow_schema(MOVED)).createOrReplaceTempView("moved")
    execute(spark, script(), scratch)
    return spark.table("assignment"), spark.table("summary")
