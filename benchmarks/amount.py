"""Any amount: the whole of ``rasad run``, on one core and on two, out of archives of the web, over more than memory holds, and on
Spark; beside its peers, in the same run."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pages
import peers
from clusters import cluster
from corpora import Text, arms_reports, fresh, ordinary, size, up_to
from much import PARTS, much
from pyarrow import dataset
from speed import one_core
from steps import seconds_by_step
from tables import aligned, promise
from timed_run import Run, timed
from written import write_files, write_lines

MB = 1_000_000
MILLION = 1_000_000
PEERS = {"spaCy": ("en", 100), "Natasha": ("ru", 30)}  #: the language that each is measured on, and what is promised

Promise = tuple[str, str, str, bool]


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Prints tables; gives the figures, and those that were promised."""
    news = options.shared / "data" / "background"
    if not ordinary(news):
        print(f"left out: no ordinary news (ar.txt, en.txt …) in {news}")
        return {}
    found: dict[str, Any] = {"promises": []}
    for name, part in (
        ("news", _news),
        ("archive", _archive),
        ("steps", _steps),
        ("spark", _spark),
        ("memory", _memory),
    ):
        with TemporaryDirectory(prefix="rasad-amount-") as folder:
            found[name], promises = part(options, news, Path(folder))
            found["promises"] += promises
            print(flush=True)
    _cost(found)
    return found


def _news(options: argparse.Namespace, news: Path, folder: Path) -> tuple[dict[str, Any], list[Promise]]:
    """Mixed news through the whole of a run."""
    texts = list(up_to(fresh(news), (4 if options.quick else 200) * MB))
    first, second = _cores()
    begin = write_lines(folder / "begin.jsonl", islice(arms_reports(), 4))
    lines, files = write_lines(folder / "news.jsonl", texts), write_files(folder / "news", texts)
    timed(begin, folder / "begun", 2)  # what is kept between runs is there from now on
    rows, rates = [], dict[str, float]()
    for name, source in (("JSON lines", lines), ("a file a report", files)):
        ways = ((1, [first]), (2, [first, second]))
        for processes, (start, run) in _quickest(begin, source, folder / name, ways, 1 if options.quick else 2).items():
            which = f"{name}, {'one core' if processes == 1 else 'two'}"
            rates[which] = (run.bytes - start.bytes) / MB / (run.seconds - start.seconds)
            rows.append((which, run.bytes / MB / run.seconds, rates[which], start.seconds, *_steps_of(run), run.peak))
    print(
        f"mixed news: {len(texts):,} reports, {run.bytes / MB:.0f} MB, {run.about:,} let through, {run.claims:,} claims"
    )
    print(aligned(("rasad run", "MB/s", "after the start", "start, s", *_STEPS, "MB of memory"), rows))
    side_by_side = _limit(lines, folder, (first, second))
    twice = {name: rates[f"{name}, two"] / rates[f"{name}, one core"] for name in ("JSON lines", "a file a report")}
    print("two cores against one: " + ", ".join(f"{name} × {ratio:.2f}" for name, ratio in twice.items()), end="")
    print(f"; two runs of one process side by side × {side_by_side:.2f}, which is what the machine can give\n")
    times, of_peers = _against_peers(texts, folder, first)
    whole = rates["JSON lines, one core"]
    promises = [promise("mixed news, one core, the whole of a run", whole, 5, " MB/s")]
    promises += [promise(f"… two cores against one, {name}", ratio, 1.8) for name, ratio in twice.items()]
    promises += [promise(f"… times {peer}", times[peer], PEERS[peer][1]) for peer in times]
    return {
        "rates": rates,
        "twice": twice,
        "limit": side_by_side,
        "peers": of_peers,
        "times": times,
        "reports": len(texts) / run.bytes,
    }, promises


def _quickest(
    begin: Path, source: Path, folder: Path, ways: Sequence[tuple[int, Sequence[int]]], times: int
) -> dict[int, tuple[Run, Run]]:
    """The start and the whole of a run by so many processes on these cores: the quickest of several that take turns, since a machine
    that others use too is now faster and now slower."""
    found: dict[int, list[tuple[Run, Run]]] = {processes: [] for processes, _ in ways}
    for turn in range(times):
        for processes, cores in ways:
            into = folder.with_name(f"{folder.name}-{processes}-{turn}")
            start = timed(begin, into.with_name(f"{into.name}-begun"), processes, cores)
            found[processes].append((start, timed(source, into, processes, cores)))
    return {processes: min(runs, key=lambda pair: pair[1].seconds) for processes, runs in found.items()}


_STEPS = ("sifting, s", "copies, s", "reading, s", "deals, s")


def _steps_of(run: Run) -> list[float]:
    return [run.steps[name][1] - run.steps[name][0] for name in ("sifting", "finding copies", "reading", "gathering")]


def _cores() -> tuple[int, int]:
    """Two processors of this machine (the same one twice where there is one)."""
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0, 1]
    return allowed[-1], allowed[0]


def _limit(source: Path, folder: Path, cores: tuple[int, int]) -> float:
    """How much two runs of one process each, on a core each, do together in the time of one alone."""
    alone = timed(source, folder / "alone", 1, cores[:1]).seconds
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda core: timed(source, folder / f"beside-{core}", 1, [core]), cores))
    return sum(alone / run.seconds for run in runs)


def _against_peers(texts: list[Text], folder: Path, core: int) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """How many times as fast a run is as each peer over the texts of its language; and the rates of the peers."""
    with one_core():
        rates = peers.measured(texts)
    print(
        aligned(
            ("peer, one core", "language", "MB/s"), [(name, *told) for name, of in rates.items() for told in of.items()]
        )
    )
    times = {}
    for peer, (code, _) in PEERS.items():
        if peer in rates:
            source = write_lines(folder / f"{code}.jsonl", [text for text in texts if text[0] == code])
            run = timed(source, folder / f"only-{code}", 1, [core])
            times[peer] = run.bytes / MB / run.seconds / rates[peer][code]
    print(
        "rasad run, with its start, against each on the same texts: "
        + ", ".join(f"{n} × {r:.3g}" for n, r in times.items())
    )
    return times, rates


def _archive(options: argparse.Namespace, news: Path, folder: Path) -> tuple[dict[str, Any], list[Promise]]:
    """From an archive of the web to claims on one core, beside what only takes the text out of it."""
    path, count = folder / "news.warc.gz", 200 if options.quick else 3_000
    total = pages.archive(path, news, count)
    core = _cores()[0]
    pages.archive(folder / "begin.warc.gz", news, 4)
    start = timed(folder / "begin.warc.gz", folder / "begun", 1, [core])
    run = timed(path, folder / "claims", 1, [core])
    seconds = {"rasad run": run.seconds, "rasad run, after the start": run.seconds - start.seconds}
    with one_core():
        for name, text_of in _extractors().items():
            seconds[name] = _over_archive(path, text_of)
    print(
        f"an archive of {count:,} pages: {path.stat().st_size / MB:.0f} MB, unpacked {total / MB:.0f} MB; {run.claims:,} claims"
    )
    rows = [
        (name, count / spent, path.stat().st_size / MB / spent, total / MB / spent) for name, spent in seconds.items()
    ]
    print(aligned(("one core", "pages/s", "MB/s packed", "MB/s unpacked"), rows))
    share = {name: seconds[name] / seconds["rasad run, after the start"] for name in _extractors()}
    print("rasad run against: " + ", ".join(f"{name} × {ratio:.2f}" for name, ratio in share.items()))
    names = [name for name in _extractors() if "trafilatura" in name]
    return (
        {"pages": {name: count / spent for name, spent in seconds.items()}, "share": share, "peak": run.peak},
        [promise(f"archive to claims, against {name}", share[name], 0.5) for name in names],
    )


def _extractors() -> dict[str, Callable[[bytes], Any]]:
    from trafilatura import extract

    return {
        "fastwarc": len,
        "fastwarc and trafilatura": extract,
        "fastwarc and trafilatura, fast": lambda page: extract(page, fast=True),
    }


def _over_archive(path: Path, text_of: Callable[[bytes], Any]) -> float:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    started = time.perf_counter()
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            text_of(record.reader.read())
    return time.perf_counter() - started


def _steps(options: argparse.Namespace, news: Path, folder: Path) -> tuple[dict[str, Any], list[Promise]]:
    """Where the time of one process goes, with the bare pass of the matcher over the same texts as the limit."""
    texts = list(up_to(fresh(news), (2 if options.quick else 20) * MB))
    lines, archive = write_lines(folder / "news.jsonl", texts), folder / "news.warc.gz"
    pages.archive(archive, news, 100 if options.quick else 1_000)
    begin = write_lines(folder / "begin.jsonl", islice(arms_reports(seed=3), 40))
    with one_core():
        found = {
            name: seconds_by_step(source, begin)
            for name, source in {"mixed news": lines, "an archive of the web": archive}.items()
        }
        bare = sum(size(text) for _, text in texts) / MB / peers.automaton(texts, peers.screen_words())
    for name, steps in found.items():
        total = sum(steps.values())
        print(
            aligned((f"{name}: step", "seconds", "%"), [(step, s, 100 * s / total) for step, s in steps.items()]), "\n"
        )
    print(
        f"the bare matcher's pass over the mixed news: {bare:.2f} s, {100 * bare / sum(found['mixed news'].values()):.0f} % of its time"
    )
    return {**found, "bare": bare}, []


def _spark(options: argparse.Namespace, news: Path, folder: Path) -> tuple[dict[str, Any], list[Promise]]:
    """The same run on a cluster of this machine, with one worker and with two, and the claims of a run without Spark."""
    cores = _cores()
    source = write_lines(folder / "news.jsonl", up_to(fresh(news), (8 if options.quick else 4_000) * MB))
    alone = timed(source, folder / "alone", 2)
    claims, rows, spent = {"this machine": _claims(folder / "alone")}, [], dict[int, list[float]]()
    for workers in (1, 2):
        inside, into = folder / f"cluster-{workers}", folder / f"spark-{workers}"
        inside.mkdir()
        with cluster(cores[:workers], inside) as (master, environment):
            run = timed(source, into, master, env=environment)
        claims[f"{workers} workers"] = _claims(into)
        steps = _steps_of(run)
        spent[workers] = [run.seconds, steps[0] + steps[2]]
        rows.append((f"Spark, {workers} of one core", *spent[workers], *steps))
    steps = _steps_of(alone)
    print(f"mixed news: {alone.texts:,} reports, {alone.bytes / MB:.0f} MB; every worker a core and a gigabyte")
    print(
        aligned(
            ("rasad run", "s", "sifting and reading", *_STEPS),
            [*rows, ("without Spark, two", alone.seconds, steps[0] + steps[2], *steps)],
        )
    )
    ratios = [one / two for one, two in zip(*spent.values(), strict=True)]
    same = len(set(map(frozenset, claims.values()))) == 1
    print(f"two workers against one: × {ratios[0]:.2f}, sifting and reading alone × {ratios[1]:.2f}; claims of all three "
          f"{'the same' if same else 'DIFFERENT'}: {', '.join(f'{len(c):,}' for c in claims.values())}")  # fmt: skip
    return {"ratios": ratios, "same": same}, [
        promise("Spark, one worker to two, sifting and reading", ratios[1], 1.7),
        promise("Spark, one worker to two, with its start", ratios[0], 1.7),
        promise("Spark, claims as without it", float(same), 1),
    ]


def _claims(folder: Path) -> set[tuple[str, str]]:
    """The claims of a run: document and claim."""
    table = dataset.dataset(folder / "claims", partitioning=None).to_table(columns=["document_id", "claim"])
    return set(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _memory(options: argparse.Namespace, news: Path, folder: Path) -> tuple[dict[str, Any], list[Promise]]:
    """What each process of a run takes over much text, and whether it grows slower."""
    source = folder / "much"
    amounts = much(source, news, (0.05 if options.quick else options.amount) * 1000 * MB)
    run = timed(source, folder / "claims", 2)
    packed = [sum(path.stat().st_size for path in part.iterdir()) for part in sorted(source.iterdir())]
    ends = [next(at for at, behind in run.sifted if behind >= sum(packed[: number + 1])) for number in range(PARTS + 1)]
    rates = [amounts[n] / MB / (ends[n] - ends[n - 1]) for n in range(1, PARTS + 1)]
    print(
        f"{run.bytes / MB:,.0f} MB, {run.texts:,} texts, {run.about:,} let through, {run.claims:,} claims, {run.seconds:.0f} s, two processes"
    )
    print(aligned(("process", "MB at most", "s of a core"), [
        ("the one that hands out", run.own.memory / MB, run.own.seconds),
        *((f"one that reads, {n}", one.memory / MB, one.seconds) for n, one in enumerate(run.workers, 1)),
    ]))  # fmt: skip
    print("MB/s of each tenth of the sifting: " + " ".join(f"{rate:.1f}" for rate in rates))
    print(aligned(("step", "s"), [(name, end - begin) for name, (begin, end) in run.steps.items()]))
    return {"rates": rates, "peak": run.peak, "bytes": run.bytes, "seconds": run.seconds}, [
        promise(f"memory of any process over {run.bytes / MB / 1000:.1f} GB", run.peak, 500, " MB", most=True),
        promise("… rate of the last tenth against the first", rates[-1] / rates[0], 0.95),
    ]


def _cost(found: dict[str, Any]) -> None:
    """Prints what a million documents take of one core."""
    rates = {
        "mixed news, JSON lines": found["news"]["rates"]["JSON lines, one core"] * MB * found["news"]["reports"],
        "mixed news, pages of an archive": found["archive"]["pages"]["rasad run, after the start"],
    }
    rows = [(name, rate, MILLION / rate / 3600) for name, rate in rates.items()]
    print(aligned(("one core", "texts/s", "core-hours for a million"), rows))
