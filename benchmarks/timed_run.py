"""``rasad run`` in processes of its own: how long its steps take, and what memory and processor time each process takes.

python benchmarks/timed_run.py PROCESSES SOURCE DESTINATION
python benchmarks/timed_run.py spark://HOST:PORT SOURCE DESTINATION
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

if TYPE_CHECKING:
    from rasad.engines import Report

MB = 1_000_000
TICK = 0.2  #: seconds between two looks at the processes, of which one takes about a thousandth of a second


class Spent(msgspec.Struct):
    """What a process took: the most memory that it held (bytes resident), and seconds of a processor."""

    memory: int = 0
    seconds: float = 0.0


class Run(msgspec.Struct):
    """A run: what it gave; when its steps began and ended, in seconds from its start; how many bytes of the sources lay behind it
    when; what the process took that was started, and those that it started."""

    texts: int
    bytes: int
    about: int
    read: int
    claims: int
    seconds: float
    steps: dict[str, tuple[float, float]]
    sifted: list[tuple[float, int]]
    own: Spent
    workers: list[Spent]

    @property
    def peak(self) -> float:
        """The most memory that one of its processes held, in MB."""
        return max(one.memory for one in (self.own, *self.workers)) / MB


def timed(
    source: Path,
    destination: Path,
    by: int | str,
    cores: Sequence[int] | None = None,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Runs ``rasad run`` over a source by so many processes, or by the master of a cluster; on these cores alone where the system
    can keep it there."""
    command = [sys.executable, __file__, str(by), str(source), str(destination)]
    keep = (
        None if cores is None or not hasattr(os, "sched_setaffinity") else partial(os.sched_setaffinity, 0, set(cores))
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=keep, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Run)


class _Times:
    """Watches a run, and keeps when what was done."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, float]] = []
        self.behind: list[tuple[str, float, int]] = []

    def step(self, name: str, total: int) -> None:  # noqa: ARG002
        self.begun.append((name, time.perf_counter()))

    def done(self, behind: int) -> None:
        self.behind.append((self.begun[-1][0], time.perf_counter(), behind))

    def say(self, entry: object) -> None:
        print(entry, file=sys.stderr)

    def steps(self, start: float, end: float) -> dict[str, tuple[float, float]]:
        """When each step began and ended, in seconds from the start."""
        last = {name: at for name, at, _ in self.behind}
        found = {name: (at - start, last.get(name, at) - start) for name, at in self.begun}
        for name, after, until in (
            ("finding copies", "sifting", found["reading"][0]),
            ("gathering", "reading", end - start),
        ):
            found.setdefault(name, (found[after][1], until))  # not told where they are done in one go
        return found


class _Accounts(threading.Thread):
    """What this process and those that it starts take, looked at every TICK seconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.spent: dict[int, Spent] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        own = psutil.Process()
        while not self.ended.wait(TICK):
            for process in [own, *own.children(recursive=True)]:
                self._look(process)
        self._look(own)

    def _look(self, process: psutil.Process) -> None:
        try:
            told = Path(f"/proc/{process.pid}/status")
            lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
            most = next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)
            spent = self.spent.setdefault(process.pid, Spent())
            spent.memory = max(spent.memory, process.memory_info().rss if most is None else most)
            times = process.cpu_times()
            spent.seconds = times.user + times.system
        except (psutil.NoSuchProcess, ProcessLookupError):
            return


def main() -> None:
    by, source, destination = sys.argv[1:]
    times, accounts = _Times(), _Accounts()
    accounts.start()
    start = time.perf_counter()
    report = _run(by, source, destination, times)
    end = time.perf_counter()
    accounts.ended.set()
    accounts.join()
    own = accounts.spent.pop(os.getpid())
    trackers = 64 * MB  # of Python's, which hold less than any that reads
    found = Run(
        texts=report.texts, bytes=report.bytes, about=report.about, read=report.read, claims=report.claims,
        seconds=end - start, steps=times.steps(start, end),
        sifted=[(at - start, behind) for step, at, behind in times.behind if step == "sifting"],
        own=own, workers=[one for one in accounts.spent.values() if one.memory > trackers],
    )  # fmt: skip
    print(msgspec.json.encode(found).decode())


def _run(by: str, source: str, destination: str, times: _Times) -> Report:
    if by.isdigit():
        from rasad.engines import run

        return run([source], Path(destination), processes=int(by), watching=times)
    from rasad.engines.spark import run as run_spark

    return run_spark([source], destination, master=by, watching=times)


if __name__ == "__main__":
    main()
