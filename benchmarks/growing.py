"""Reads more and more text in one process and prints after each step what memory it takes (see ``speed.py``)."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
from corpora import Text, arms_reports, mixed, ordinary, size

import rasad
from rasad import Document

MB = 1_000_000


def main() -> None:
    """``growing.py FOLDER_OF_ORDINARY_NEWS [--quick]``: lines of kind, MB read, MB of memory now, MB at most."""
    news, quick = Path(sys.argv[1]), "--quick" in sys.argv
    if ordinary(news):
        _grow("mixed news", mixed(news), [1, 2] if quick else [5, 10, 20, 40])
    _grow("text all about arms", arms_reports(), [0.1, 0.2] if quick else [0.5, 1, 2])


def _grow(kind: str, texts: Iterator[Text], steps: list[float]) -> None:
    read = 0
    for step in steps:
        while read < step * MB:
            _, text = next(texts)
            rasad.read_document(Document(name="growing", text=text))
            read += size(text)
        print(kind, step, psutil.Process().memory_info().rss / MB, _peak() / MB, sep="\t", flush=True)


def _peak() -> int:
    """The largest resident set so far, in bytes. From /proc where there is one, because ``ru_maxrss`` begins with that of
    the process that started this one; it counts kibibytes, on macOS bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
