"""A progress bar on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rasad.cli.telling import tell
from rasad.reports import readable

FEW = 5  #: so many files are read without a progress bar
SMALL = 2**20  #: where they have no more bytes than these


@contextmanager
def progress(sizes: Sequence[int]) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """How to say that so many bytes more are done, and how to tell of a problem meanwhile. No bar is drawn for few files that are
    small."""
    if len(sizes) <= FEW and sum(sizes) <= SMALL:
        yield (lambda _: None), tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=sum(sizes))

        def told(message: str) -> None:
            console.print(readable(message), markup=False, highlight=False, soft_wrap=True)

        yield (lambda size: bar.advance(task, size)), told
