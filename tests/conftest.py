"""What the tests run on: a real PostgreSQL, a server of their own in a temporary folder, reached through a socket in it; a real
Spark with two workers in a Java process."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sites import Server
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SERVER = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))


def _program(name: str) -> str | None:
    return shutil.which(name) or (str(SERVER[-1].with_name(name)) if SERVER else None)


def _as_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to be run by root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The folder of the socket of a server that lives as long as the tests."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if not initdb or not control:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and where everything is tested it has to be")
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="rasad-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run(
            _as_user([initdb, "-D", data, "-A", "trust", "-U", "rasad", "-E", "UTF8", "--locale=C.UTF-8"]), **quiet
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
        subprocess.run(
            _as_user([control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start"]), **quiet
        )
        try:
            yield str(folder)
        finally:
            subprocess.run(_as_user([control, "-D", data, "-m", "immediate", "stop"]), **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    server = f"postgresql+psycopg://rasad@/postgres?host={postgresql_server}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"postgresql://rasad@/{name}?host={postgresql_server}"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new register can be made: the same tests run on both databases."""
    if request.param == "sqlite":
        return str(tmp_path / "rasad.db")
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    """A session of a Spark on this machine, for all the tests."""
    from rasad.engines.spark_session import SparkError, session

    try:
        started = session("local[2]", {"spark.driver.memory": "2g", "spark.sql.shuffle.partitions": "4"})
    except SparkError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error} (where everything is tested it has to be there)")
        pytest.skip(str(error))
    yield started
    started.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    """A site on this machine."""
    server = Server()
    yield server
    server.close()
