"""What every command tells in the same way: its exit status, and what is wrong, in one line on standard error."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from rasad.reports import readable

ALL_READ, SOME_SKIPPED, WRONG_USE, INTERRUPTED, BROKEN_PIPE, TERMINATED = 0, 1, 2, 130, 141, 143
NOT_MADE = 1  #: nothing is in the picture or report that was asked for, and it was not written


def tell(message: str) -> None:
    """One line on standard error."""
    print(readable(message), file=sys.stderr)


def wrong_use(message: str, command: str = "rasad") -> typer.Exit:
    """Tells what is wrong; gives the end of the command, to be raised."""
    tell(f"{command}: {message}")
    return typer.Exit(WRONG_USE)


def not_made(message: str) -> typer.Exit:
    """Tells why a picture or report would have nothing in it; gives the end of the command, to be raised."""
    tell(f"rasad: {message}; nothing was written")
    return typer.Exit(NOT_MADE)


@contextmanager
def stopped(interrupted: str) -> Iterator[None]:
    """Ends the command in good order where it is interrupted, which is told in these words, and where nobody reads what it prints."""
    try:
        yield
    except KeyboardInterrupt:
        tell(f"rasad: interrupted; {interrupted}")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None


@contextmanager
def terminated() -> Iterator[None]:
    """Ends a command at SIGTERM, which schedulers send, in the same good order as at Ctrl-C, but for its exit status."""
    came = False

    def end(*_: Any) -> None:
        nonlocal came
        came = True
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # some send it twice: to the process and to its group
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    except SystemExit as ended:
        if came and ended.code == INTERRUPTED:
            raise SystemExit(TERMINATED) from None
        raise
