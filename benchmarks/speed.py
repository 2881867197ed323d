"""How fast the reader is on one core, beside its peers on the same text; a cold start; memory."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import peers
from corpora import ONE_IN, Text, arms, arms_reports, mixed, ordinary, size, up_to
from tables import aligned, promise

import rasad
from rasad import Document
from rasad.reading.identify import identify

HERE = Path(__file__).resolve().parent
MB = 1_000_000


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Rates in megabytes of UTF-8 a second; seconds from a cold start; the peak of memory as the amount grows."""
    news = options.shared / "data" / "background"
    found: dict[str, Any] = {}
    with one_core():
        started = time.perf_counter()
        for _, text in islice(arms_reports(seed=3), 4):
            rasad.read_document(Document(name="first", text=text))
        print(f"first report in each language, with loading: {time.perf_counter() - started:.1f} s\n")
        # before the mixed news, which holds the same texts: what the reader remembers of their words would flatter it
        found["arms"] = _arms((0.3 if options.quick else 2) * MB)
        if ordinary(news):
            found["mixed"] = _mixed(news, (2 if options.quick else 20) * MB)
        else:
            print(f"left out: mixed news, no ordinary news (ar.txt, en.txt …) in {news}")
        found["cold"] = _cold(options)
    found["memory"] = _memory(options)
    found["promises"] = _promises(found)
    return found


def _promises(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    rows = []
    if "mixed" in found:
        rate = found["mixed"]["rates"]["rasad"]["all"]
        rows.append(promise("mixed news, one core", rate, 5, " MB/s"))
        rows += [
            promise(f"mixed news, times {peer}", ratio, {"spaCy": 100, "Natasha": 30}[peer])
            for peer, ratio in found["mixed"]["times"].items()
            if peer in ("spaCy", "Natasha")
        ]
    rows += [promise(f"text all about arms, {name}", rate, 0.2, " MB/s") for name, rate in found["arms"].items()]
    rows.append(
        promise(
            "one article from a cold start, slowest language",
            max(found["cold"]["later"].values()),
            1.5,
            " s",
            most=True,
        )
    )
    rows.append(promise("memory while reading", max(row[3] for row in found["memory"]), 500, " MB", most=True))
    return rows


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps this process and those that it starts on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class Tally:
    """Bytes and seconds by language."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}
        self.seconds: dict[str, float] = {}

    def add(self, code: str, length: int, seconds: float) -> None:
        """Counts a text."""
        self.bytes[code] = self.bytes.get(code, 0) + length
        self.seconds[code] = self.seconds.get(code, 0.0) + seconds

    def rates(self) -> dict[str, float]:
        """Megabytes a second by language, and of all together."""
        rates = {code: self.bytes[code] / MB / self.seconds[code] for code in sorted(self.bytes)}
        return {"all": sum(self.bytes.values()) / MB / sum(self.seconds.values()), **rates}


def read_all(texts: Iterable[Text]) -> tuple[Tally, int]:
    """Reads texts as ``rasad read`` does, the language of each told first; gives the rates and the number of claims."""
    tally, claims = Tally(), 0
    for number, (code, text) in enumerate(texts):
        length = size(text)
        started = time.perf_counter()
        found = rasad.read_document(Document(name=str(number), text=text, language=identify(text)))
        tally.add(code, length, time.perf_counter() - started)
        claims += len(found)
    return tally, claims


def _mixed(news: Path, amount: int) -> dict[str, Any]:
    texts = list(up_to(mixed(news), amount))
    tally, claims = read_all(texts)
    rates: dict[str, dict[str, float]] = {"rasad": tally.rates()}
    rates["rasad read FOLDER"] = {"all": _whole_program(texts)}
    rates.update(peers.measured(texts))
    codes = ("all", "ar", "en", "ru", "uk")
    total = sum(map(len_of, texts))
    print(f"mixed news, 1 report in {ONE_IN} about arms: {len(texts):,} reports, {total / MB:.1f} MB, {claims} claims")
    print(aligned(("MB/s, one core", *codes), [(name, *(r.get(code) for code in codes)) for name, r in rates.items()]))
    times: dict[str, float] = {}
    for name, of_peer in rates.items():
        if name.startswith("rasad"):
            continue
        code = next(code for code in ("all", *codes) if code in of_peer)
        times[name] = rates["rasad"][code] / of_peer[code]
    print(
        "rasad against each on the same language: " + ", ".join(f"{n} × {r:.3g}" for n, r in times.items()), end="\n\n"
    )
    return {"rates": rates, "times": times, "bytes": total, "reports": len(texts), "claims": claims}


def len_of(text: Text) -> int:
    """The bytes of a text with its language."""
    return size(text[1])


def _whole_program(texts: list[Text]) -> float:
    """Megabytes a second of the command itself over a folder of files: its start, the disk and the output included."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, text) in enumerate(texts):
            Path(folder, f"{number:06}.txt").write_text(text, encoding="utf-8", newline="")
        started = time.perf_counter()
        _rasad_read(Path(folder))
        return sum(map(len_of, texts)) / MB / (time.perf_counter() - started)


def _rasad_read(path: Path, **environment: str) -> None:
    command = [sys.executable, "-m", "rasad.cli", "read", str(path), "--format", "jsonl"]
    done = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    if done.returncode > 1:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-800:]}")


def _arms(amount: float) -> dict[str, float]:
    first, claims = read_all(arms())
    again, _ = read_all(up_to(arms_reports(), int(amount)))
    codes = ("all", "ar", "en", "ru", "uk")
    tallies = {"every gold text once": first, f"the same, put together to {amount / MB:.1f} MB": again}
    rows = [(name, *(tally.rates().get(code) for code in codes)) for name, tally in tallies.items()]
    print(f"text all about arms ({claims} claims from {sum(first.bytes.values()) / MB:.2f} MB of gold texts)")
    print(aligned(("MB/s, one core", *codes), rows), end="\n\n")
    return {"each text once": first.rates()["all"], "texts repeated": again.rates()["all"]}


def _cold(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Seconds of ``rasad read FILE --format jsonl`` for one article by language: the first run on a machine, which keeps
    what it prepared for later ones, and the median of several later ones."""
    times: dict[str, dict[str, float]] = {"first on a machine": {}, "later": {}}
    with tempfile.TemporaryDirectory() as folder:
        for code, text in articles(options.shared):
            path = Path(folder, f"article.{code}.txt")
            path.write_text(text, encoding="utf-8", newline="")
            times["first on a machine"][code] = _seconds(path, Path(folder, f"kept-{code}"))
            runs = [_seconds(path, Path(folder, f"kept-{code}")) for _ in range(2 if options.quick else 5)]
            times["later"][code] = statistics.median(runs)
    codes = sorted(times["later"])
    rows = [(name, *(of_run[code] for code in codes)) for name, of_run in times.items()]
    print(aligned(("one article, seconds with the start", *codes), rows), end="\n\n")
    return times


def _seconds(path: Path, kept: Path) -> float:
    started = time.perf_counter()
    _rasad_read(path, RASAD_CACHE=str(kept))
    return time.perf_counter() - started


def articles(shared: Path) -> list[Text]:
    """An article in each language: the seed article and its translations, or the longest gold texts."""
    longest = dict(sorted(arms(), key=lambda item: len(item[1])))
    seed = shared / "seed" / "article.ar.txt"
    if seed.is_file():
        longest["ar"] = seed.read_text(encoding="utf-8")
    return sorted(longest.items())


def _memory(options: argparse.Namespace) -> list[tuple[str, float, float, float]]:
    """The peak of memory of one process that reads more and more."""
    news = options.shared / "data" / "background"
    command = [sys.executable, str(HERE / "growing.py"), str(news)] + ["--quick"] * options.quick
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    found = [(kind, float(amount), float(now), float(peak)) for kind, amount, now, peak in rows]
    print("memory of one process")
    print(aligned(("what it has read", "MB so far", "MB of memory", "MB at most"), found))
    return found
