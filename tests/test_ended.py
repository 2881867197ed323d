"""Commands that are ended while they work: by Ctrl-C, by SIGTERM as schedulers send it, and by SIGKILL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

TEXT = "Kazakhstan ordered {n} Su-30SM fighters from Russia in 2017, the defence minister said. "


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    path.write_text(
        "".join(json.dumps({"text": 4 * TEXT.format(n=n)}) + "\n" for n in range(2, 4000)), encoding="utf-8"
    )
    return path


def begun(command: str, given: Path) -> subprocess.Popen[str]:
    """A command under way: its workers have begun."""
    into = {"read": ["-o", "claims.jsonl"], "add": ["-r", "r.db"], "run": ["run"]}[command]
    process = subprocess.Popen(
        [sys.executable, "-m", "rasad.cli", command, str(given), *into, "-p", "2"],
        cwd=given.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while len(workers(process.pid)) < 3:  # two, and the tracker of what they share
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def workers(parent: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
@pytest.mark.parametrize("command", ["read", "add", "run"])
@pytest.mark.parametrize(("end", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_command_that_is_ended_says_what_stays(command: str, end: signal.Signals, status: int, given: Path) -> None:
    process = begun(command, given)
    process.send_signal(end)
    _, told = process.communicate(timeout=60)
    assert process.returncode == status
    assert told.startswith("rasad: interrupted; what ")
    assert told.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
def test_workers_that_wait_end_with_the_process_that_started_them() -> None:
    program = """
import time
from rasad.engines.pool import Pool
with Pool(len, len, 2) as pool:
    print(*pool.results([[1], [2]]), flush=True)
    time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", program], text=True, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == "[1] [1]\n"
    left = workers(process.pid)
    process.kill()
    process.wait()
    until = time.monotonic() + 10
    while any(map(alive, left)) and time.monotonic() < until:
        time.sleep(0.1)
    there = [one for one in left if alive(one)]
    for one in there:
        os.kill(one, signal.SIGKILL)
    assert not there
