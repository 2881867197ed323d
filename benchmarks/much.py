"""More text than memory holds: JSON lines and pages of the web, every word of which may be new; packed, so that disks hold it."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pages
import zstandard
from corpora import fresh, renewed
from written import line

PARTS = 10  #: of the same make, after a first one in which a run gets going
BEGIN = 0.1  #: of a part, which the first has
LINES = 0.8  #: of a part that are lines, the rest pages
BLOCK = 2_000  #: lines that are packed at once


def much(folder: Path, news: Path, amount: float) -> list[int]:
    """Writes about so many bytes into folders, a part in each, the first smaller; gives the bytes of each, unpacked."""
    folder.mkdir()
    sizes = [int(amount / PARTS * (BEGIN if part == 0 else 1)) for part in range(PARTS + 1)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return list(pool.map(_part, [folder] * len(sizes), [news] * len(sizes), range(len(sizes)), sizes))


def _part(folder: Path, news: Path, part: int, amount: int) -> int:
    inside = folder / f"{part:02}"
    inside.mkdir()
    total, texts = 0, renewed(fresh(news, seed=part), seed=part)
    with zstandard.open(inside / "news.jsonl.zst", "wb") as file:
        number = 0
        while total < amount * LINES:
            block = b"".join(line(f"{part}-{n}", text) for n, text in enumerate(islice(texts, BLOCK), number))
            number, total = number + BLOCK, total + len(block)
            file.write(block)
    rest = max(1, int((amount - total) / ((pages.LEAST + pages.MOST) / 2)))
    return total + pages.archive(inside / "news.warc.gz", news, rest, seed=part)


if __name__ == "__main__":
    much(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
