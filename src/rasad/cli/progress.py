"""A progress bar on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rasad.cli.telling import tell
from rasad.reports import readable

FEW = 5  #: so many files are read without a progress bar


class Advance(Protocol):
    """Says that one more is done, or several."""

    def __call__(self, more: int = 1, /) -> None:
        """So many are done."""


@contextmanager
def progress(total: int, of: str = "files") -> Iterator[tuple[Advance, Callable[[str], None]]]:
    """How to say that one more is done, and how to tell of a problem meanwhile. No bar is drawn for few. ``of`` is what is counted:
    ``bytes`` are shown as kB, MB …"""
    if total <= FEW:
        yield (lambda _=1: None), tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    counted = [DownloadColumn()] if of == "bytes" else [MofNCompleteColumn(), TextColumn(of)]
    with Progress(
        TextColumn("reading"), BarColumn(), *counted, TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("reading", total=total)

        def told(message: str) -> None:
            console.print(readable(message), markup=False, highlight=False, soft_wrap=True)

        yield (lambda more=1: bar.advance(task, more)), told
