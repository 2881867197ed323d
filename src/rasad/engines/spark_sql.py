"""The project's SQL on Spark: scripts in DuckDB's dialect that leave tables, carried over by sqlglot statement by statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Statement(NamedTuple):
    """``CREATE TEMPORARY … name AS query``, the query in Spark's dialect. ``kept``: what it gives is written down, not worked out
    again each time it is read."""

    name: str
    query: str
    kept: bool


def statements(script: str) -> list[Statement]:
    """The statements of a script in DuckDB's dialect, each of which makes a temporary table or view."""
    return [_statement(found) for found in sqlglot.parse(script, read="duckdb") if isinstance(found, exp.Create)]


def _statement(found: exp.Create) -> Statement:
    query = found.expression
    constant = query.find(exp.Table) is None
    return Statement(found.this.name, query.sql("spark"), found.kind == "TABLE" and not constant)


def execute(spark: SparkSession, script: str, scratch: str) -> None:
    """Makes the tables of a script temporary views of a session.

    Tables are written to Parquet in a new folder below ``scratch``, which every worker has to reach, and are read from there: so
    the plan of the last one does not hold those of all before it, and a worker that dies takes nothing with it that was done.
    """
    folder = f"{scratch}/{uuid4().hex}"
    for statement in statements(script):
        frame = spark.sql(statement.query)
        if statement.kept:
            place = f"{folder}/{statement.name}"
            frame.write.parquet(place)
            frame = spark.read.schema(frame.schema).parquet(place)
        frame.createOrReplaceTempView(statement.name)
