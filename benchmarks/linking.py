"""How long the claims of a register take to become deals and relations, and what memory: 10,000 to 1,000,000 made-up claims,
each amount in a process of its own. ``linking.py [--quick]``"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from math import log
from typing import Any

import pyarrow as pa
from generated import reports
from tables import aligned, promise

from rasad.register.atoms import ATOM_SCHEMA, atoms
from rasad.register.linking import link

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000]
BATCH = 10_000  #: claims made at a time


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        _one(int(sys.argv[1]))
    else:
        measure(SIZES[:2] if "--quick" in sys.argv else SIZES)


def measure(sizes: Sequence[int]) -> list[tuple[str, str, str, bool]]:
    """Prints a row for each amount; gives what was promised of the largest."""
    rows: list[list[Any]] = []
    for size in sizes:
        output = subprocess.run(
            [sys.executable, __file__, str(size)], check=True, capture_output=True, text=True
        ).stdout
        rows.append([size, *map(float, output.split())])
        rows[-1].append(1e6 * (rows[-1][3] + rows[-1][4]) / (size * log(size)))
    header = ["claims", "atoms", "deals", "into atoms, s", "linked, s", "peak, MB", "µs/(n ln n)"]
    print(aligned(header, rows), end="\n\n")
    whole = rows[-1]
    return [
        promise(f"{whole[0]:,} claims into deals", whole[3] + whole[4], 60, " s", most=True),
        promise("… peak of memory", whole[5], 2000, " MB", most=True),
        promise("… time by n log n, against the smallest amount", whole[6] / rows[0][6], 1, most=True),
    ]


def _one(size: int) -> None:
    """Prints atoms, deals, seconds from claims to atoms, seconds from atoms to deals, peak of memory in MB."""
    made, parts, seconds = reports(size), [], 0.0
    while batch := [report for _, report in islice(made, BATCH)]:
        started = time.perf_counter()
        parts.append(atoms(batch))
        seconds += time.perf_counter() - started
    table = pa.concat_tables(parts) if parts else ATOM_SCHEMA.empty_table()
    del parts
    started = time.perf_counter()
    deals = link(table).deals.num_rows
    print(table.num_rows, deals, seconds, time.perf_counter() - started, _peak() / 1e6)


def _peak() -> int:
    """The largest resident set so far, in bytes; ``ru_maxrss`` counts kibibytes, on macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main()
