"""A run on the cores of this machine, in steps that each go on where they were stopped: the sources are sifted, near-copies found,
what is left read, and the claims gathered into deals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rasad.cores import cores
from rasad.engines.copying import find_copies
from rasad.engines.ending import finish
from rasad.engines.folder import Folder, resumed, whole
from rasad.engines.pool import apart
from rasad.engines.progress import Progress
from rasad.engines.reading import read_documents
from rasad.engines.sifting import sift_sources
from rasad.register.add import reader
from rasad.result import Begun, Described, Report

#: Bytes of documents, packed, from which on copies are found and claims gathered in processes of their own, which take the memory for
#: it along.
MUCH = 20 * 2**20


def run(
    sources: Sequence[str], destination: Path, *, language: str | None = None, columns: dict[str, str] | None = None,
    every_copy: bool = False, processes: int | None = None, watching: Progress,
) -> Report:  # fmt: skip
    """Reads sources into a folder (:mod:`rasad.engines.folder`); one that was stopped goes on, one that has ended is left as it is.
    ``every_copy``: texts that stand in others are read too, but for those that are the same to the letter.
    Raises RunError where it cannot begin or go on, OSError where the folder cannot be written."""
    folder = Folder(destination)
    begun = Begun(
        reader=reader(), sources=list(sources), language=language, columns=columns or {}, every_copy=every_copy
    )
    described = resumed(folder, "local", begun)
    if described.report is not None:
        return described.report
    return complete(folder, described, processes, watching)


def complete(folder: Folder, described: Described, processes: int | None, watching: Progress) -> Report:
    """Does what is left of a run."""
    processes = cores() if processes is None else processes
    with _timed(folder) as spent:
        sift_sources(folder, described.begun, processes, watching)
        find, gather = partial(find_copies, folder, described.begun.every_copy), partial(finish, folder)
        much = processes > 0 and sum(part.stat().st_size for part in folder.parts("sifted")) > MUCH
        apart(find) if much else find()
        read_documents(folder, processes, watching)
        report = apart(gather) if much else gather()
    report.seconds = round(spent(), 1)
    described.report = report
    folder.tell(described)
    folder.clear()
    return report


@contextmanager
def _timed(folder: Folder) -> Iterator[Callable[[], float]]:
    """How many seconds of work went into a run, over all the times it was begun."""
    kept, started = folder.work / "seconds", time.monotonic()
    before = float(kept.read_text()) if kept.exists() else 0.0

    def spent() -> float:
        return before + time.monotonic() - started

    try:
        yield spent
    finally:
        if folder.work.exists():
            whole(kept, lambda file: file.write(f"{spent()}".encode()))
