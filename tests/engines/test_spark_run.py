"""A run on a cluster of Spark."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import dataset, parquet
from warcs import archive, page, record

from rasad.engines.local import run

from .conftest import Cluster
from .corpus import gold, news
from .test_run import Quiet


def rows(folder: Path) -> list[str]:
    """The rows of the Parquet files in a folder, in no order."""
    table = dataset.dataset(folder, format="parquet", partitioning="hive").to_table()
    return sorted(map(str, table.select(sorted(table.column_names)).to_pylist()))


def sources(folder: Path) -> Path:
    """Texts as files, JSON lines, Parquet and an archive of the web."""
    given = news(folder, topics=12)
    texts = gold(20)[-16:]
    table = {"body": [text for _, text in texts], "url": [f"https://papers.example/{name}" for name, _ in texts]}
    parquet.write_table(pa.table(table), given / "papers.parquet", row_group_size=4)
    pages = [
        record(page(*text.splitlines(), title=name), address=f"https://www.daily.example/{name}")
        for name, text in gold(24)[-16:]
    ]
    (given / "crawl.warc.gz").write_bytes(archive(pages, ".gz"))
    return given


def started(cluster: Cluster, given: Path, into: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "rasad.cli", "run", str(given), str(into), *cluster.options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_workers_give_what_one_process_gives_though_one_of_them_is_killed(tmp_path: Path, cluster: Cluster) -> None:
    given = sources(tmp_path / "news")
    (given / "broken.pdf").write_bytes(b"%PDF-1.7\nno more than this")
    report = run([str(given)], tmp_path / "here", processes=0, watching=Quiet())
    process = started(cluster, given, tmp_path / "there")
    claims = tmp_path / "there" / "work" / "claims" / "_temporary"
    while process.poll() is None and not claims.exists():
        time.sleep(0.1)
    assert process.poll() is None
    cluster.kill_a_worker()
    out, told = process.communicate(timeout=500)
    assert process.returncode == 1, told
    assert "1 set aside" in out
    for part in ("claims", "documents", "deals/deals.parquet", "deals/claims.parquet"):
        assert rows(tmp_path / "there" / part) == rows(tmp_path / "here" / part), part
    there = json.loads((tmp_path / "there" / "run.json").read_text("utf-8"))["report"]
    assert {name: there[name] for name in there if name != "seconds"} == {
        name: getattr(report, name) for name in there if name != "seconds"
    }
    assert report.claims > 100
    assert not (tmp_path / "there" / "work").exists()


def test_a_run_on_spark_over_every_copy_goes_on_after_its_last_whole_step(tmp_path: Path) -> None:
    given = news(tmp_path / "news", topics=2)
    command = [
        sys.executable,
        "-m",
        "rasad.cli",
        "run",
        str(given),
        str(tmp_path / "run"),
        "--engine",
        "spark",
        "--master",
        "local[2]",
        "--every-copy",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    sifted = tmp_path / "run" / "work" / "sifted" / "_SUCCESS"
    while process.poll() is None and not sifted.exists():
        time.sleep(0.1)
    process.kill()
    process.wait()
    before = sifted.stat().st_mtime_ns
    kept: dict[str, Any] = {}
    again = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while again.poll() is None:
        if sifted.exists():
            kept["sifted"] = sifted.stat().st_mtime_ns
        time.sleep(0.1)
    assert (again.returncode, kept["sifted"]) == (0, before)
    run([str(given)], tmp_path / "whole", every_copy=True, processes=0, watching=Quiet())
    for part in (
        "claims",
        "documents",
        "deals/deals.parquet",
        "deals/claims.parquet",
    ):  # by the driver, as they are few
        assert rows(tmp_path / "run" / part) == rows(tmp_path / "whole" / part), part
