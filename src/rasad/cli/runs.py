"""What ``rasad run`` and ``rasad retry`` share: how a run is seen to go on, how it ends in good order, and what it did."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from rasad.cli.telling import INTERRUPTED, tell, wrong_use
from rasad.reports import readable
from rasad.sources import Problem, Skipped

if TYPE_CHECKING:
    from rich.progress import Progress

    from rasad.result import Report

SILENCE = 30.0  #: seconds between two lines of progress where there is no terminal


@contextmanager
def writing(command: str) -> Iterator[None]:
    """Ends a command in good order where it is interrupted, or its folder cannot be used."""
    from rasad.engines.folder import RunError

    try:
        yield
    except KeyboardInterrupt:
        tell("rasad: interrupted; what was done until then stays, give the same again for the rest")
        raise typer.Exit(INTERRUPTED) from None
    except RunError as error:
        raise wrong_use(str(error), command) from None
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        message = (
            f"the folder cannot be written ({reason}); what was done until then stays, give the same again for the rest"
        )
        raise wrong_use(message, command) from None


def summary(report: Report, destination: str) -> Iterator[str]:
    """What a run did, in a few lines."""
    looked = (
        (report.texts, "texts"), (report.empty, "pages without a text"), (report.foreign, "about arms in other languages"),
        (report.about, "about arms"), (report.copies, "of them copies"), (report.read, "read"),
    )  # fmt: skip
    yield " · ".join(f"{number:,} {what}" for number, what in looked if number or what == "texts")
    rate = f", {_bytes(report.bytes / report.seconds)}/s" if report.seconds else ""
    yield f"{report.claims:,} claims in {report.deals:,} deals and relations ({_bytes(report.bytes)}{rate})"
    if report.aside:
        yield f"{report.aside:,} set aside in {destination}/aside.jsonl; try them again: rasad retry {destination}"


def _bytes(number: float) -> str:
    """A number of bytes as people write it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


class Lines:
    """Progress where there is no terminal: a line now and then."""

    def __init__(self) -> None:
        self._name, self._total, self._begun, self._at = "", 0, 0.0, 0.0
        self._before: int | None = None

    def step(self, name: str, total: int) -> None:
        """A step of so many bytes begins."""
        self._name, self._total, self._begun, self._before = name, total, time.monotonic(), None
        self._at = self._begun

    def done(self, behind: int) -> None:
        """So many bytes of the step lie behind."""
        if self._before is None:
            self._before = behind
        now = time.monotonic()
        if now - self._at < SILENCE:
            return
        self._at = now
        if not self._total:
            tell(f"{self._name}, for {(now - self._begun) / 60:.0f} min")
            return
        rate = (behind - self._before) / (now - self._begun)
        left = f", {(self._total - behind) / rate / 60:.0f} min left" if rate > 0 else ""
        tell(f"{self._name}: {_bytes(behind)} of {_bytes(self._total)}, {_bytes(rate)}/s{left}")

    def say(self, entry: Problem | Skipped) -> None:
        """Something is to be told of a source."""
        tell(_told(entry))


class Bars:
    """Progress on a terminal: a bar for each step, with rate and time left."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("looking", total=None)

    def step(self, name: str, total: int) -> None:
        """A step of so many bytes begins."""
        self._bars.remove_task(self._task)
        self._task = self._bars.add_task(name, total=total)
        self._new = True

    def done(self, behind: int) -> None:
        """So many bytes of the step lie behind."""
        if self._new:  # what an earlier call did is no measure of the rate
            self._bars.reset(self._task, completed=behind)
            self._bars.advance(self._task, 0)  # from now on time counts
            self._new = False
        self._bars.update(self._task, completed=behind)

    def say(self, entry: Problem | Skipped) -> None:
        """Something is to be told of a source."""
        self._bars.console.print(readable(_told(entry)), markup=False, highlight=False, soft_wrap=True)


def _told(entry: Problem | Skipped) -> str:
    """One line on what is amiss with a source."""
    return (
        f"{entry.path}: set aside, {entry.reason}" if isinstance(entry, Skipped) else f"{entry.path}: {entry.message}"
    )


@contextmanager
def followed() -> Iterator[Bars | Lines]:
    """Who shows how a run goes on: bars on a terminal, else lines."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bars(bars)
