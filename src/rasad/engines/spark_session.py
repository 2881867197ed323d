"""A session of Spark, here or on a cluster."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rasad.engines.folder import RunError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "5000",
    "spark.sql.parquet.compression.codec": "zstd",
}
_LOGS = files("rasad.engines").joinpath("log4j2.properties")
#: On this machine: it is not heard outside, and tables of thousands of rows are not cut in 200.
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"'-Dlog4j2.configurationFile={_LOGS}'",
    "spark.sql.shuffle.partitions": "8",
}


class SparkError(RunError):
    """Spark cannot be used; the message says what to do."""


def session(master: str, settings: Mapping[str, str] | None = None) -> SparkSession:
    """The session of a master (``local[4]``, ``spark://host:7077``, ``yarn``, ``k8s://…``); nothing is fetched for it from
    elsewhere. ``settings`` of Spark's go before those here. Raises SparkError where PySpark or Java is missing."""
    if find_spec("pyspark") is None:
        raise SparkError("Spark needs the package pyspark: pip install 'rasad[spark]'")
    if not _java():
        raise SparkError("Spark needs Java 17 or later: install it, or set JAVA_HOME to where it is")
    from pyspark.sql import SparkSession

    # it is told with every function, of pandas, which none of ours uses
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    builder = SparkSession.builder.master(master).appName("rasad")
    local = master.startswith("local")
    if local:
        os.environ.setdefault("SPARK_LOCAL_IP", LOCAL["spark.driver.host"])
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name, value in {**SETTINGS, **(LOCAL if local else {}), **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(Path(home, "bin", "java").exists() if home else shutil.which("java"))
