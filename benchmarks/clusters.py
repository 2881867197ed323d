"""A cluster of Spark on this machine: a master, and workers with one core and 1 GB each, as processes of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pyspark

import rasad

HERE = "127.0.0.1"
WAIT = 60.0  #: seconds in which a process has to be there
MEMORY = "1g"


@contextmanager
def cluster(workers: Sequence[int], folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a master with a worker on each of these cores, and the environment that its programs need."""
    settings = folder / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "spark-defaults.conf").write_text(
        f"spark.driver.host {HERE}\nspark.driver.bindAddress {HERE}\nspark.driver.memory 1g\n"
        f"spark.executor.memory 512m\nspark.executor.cores 1\nspark.sql.shuffle.partitions 8\n"
        f"spark.scheduler.minRegisteredResourcesRatio 1.0\nspark.scheduler.maxRegisteredResourcesWaitingTime 60s\n"
        f"spark.executor.extraJavaOptions -XX:+UseSerialGC\nspark.pyspark.python {sys.executable}\n",
        encoding="utf-8",
    )
    environment = {
        **os.environ, "SPARK_CONF_DIR": str(settings), "SPARK_LOCAL_IP": HERE, "SPARK_HOME": str(_home()),
        "PYTHONPATH": os.pathsep.join([str(Path(rasad.__file__).parent.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]),
        "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    port, started = _free_port(), list[subprocess.Popen[bytes]]()
    address = f"spark://{HERE}:{port}"
    try:
        started.append(
            _start("master.Master", environment, folder, "--host", HERE, "--port", str(port), "--webui-port", "0")
        )
        _wait_for(folder / "master.Master-0.log", "I have been elected leader")
        for number, core in enumerate(workers, 1):
            options = (
                "--host",
                HERE,
                "--cores",
                "1",
                "--memory",
                MEMORY,
                "--webui-port",
                "0",
                "--work-dir",
                str(folder / "work"),
            )
            started.append(_start("worker.Worker", environment, folder, *options, address, number=number, core=core))
            _wait_for(folder / f"worker.Worker-{number}.log", "Successfully registered with master")
        yield address, environment
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(WAIT)


def _home() -> Path:
    return Path(pyspark.__file__).parent


def _start(
    name: str, environment: dict[str, str], folder: Path, *options: str, number: int = 0, core: int | None = None
) -> subprocess.Popen[bytes]:
    command = [str(_home() / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *options]
    with (folder / f"{name}-{number}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {core})
    return process


def _wait_for(log: Path, words: str) -> None:
    until = time.monotonic() + WAIT
    while words not in log.read_text(encoding="utf-8", errors="replace"):
        if time.monotonic() > until:
            raise RuntimeError(f"{log}: no {words!r} in {WAIT:.0f} s:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])
