"""A real cluster of Spark on this machine: a master and two workers, each a process of its own with one core."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


class Cluster(NamedTuple):
    """The address of the master, and the processes of the workers."""

    master: str
    workers: list[subprocess.Popen[bytes]]

    @property
    def options(self) -> list[str]:
        """What ``rasad run`` needs to use it."""
        here = (
            "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", "spark.executor.memory=1g",
            "spark.rasad.few=0",  # nothing is done by the driver that workers can do
        )  # fmt: skip
        return ["--engine", "spark", "--master", self.master, *(part for one in here for part in ("--conf", one))]

    def kill_a_worker(self) -> None:
        """Kills one worker with all it has started."""
        os.killpg(self.workers.pop().pid, signal.SIGKILL)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster that lives as long as a test."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("PySpark or Java is not installed, and where everything is tested they have to be")
        pytest.skip("PySpark or Java is not installed")
    import pyspark

    home = Path(pyspark.__file__).parent
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    port = _free_port()
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [str(home / "bin" / "spark-class"), *arguments]
        environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_WORKER_DIR": str(tmp_path / "workers")}
        with (tmp_path / f"spark-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        started.append(process)
        return process

    try:
        start(MASTER, "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        _wait_for(port)
        address = f"spark://127.0.0.1:{port}"
        worker = ("--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port", "0", address)
        yield Cluster(address, [start(WORKER, *worker) for _ in range(2)])
    finally:
        for process in started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("the master of the cluster does not answer")
