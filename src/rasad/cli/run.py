"""``rasad run SOURCE… DESTINATION`` reads any amount of text into a folder of claims and deals."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.given import ColumnsOption, columns_given
from rasad.cli.telling import ALL_READ, INTERRUPTED, SOME_SKIPPED, tell, wrong_use
from rasad.languages import codes
from rasad.reports.near import nearest
from rasad.sources import Problem, Skipped

if TYPE_CHECKING:
    from rich.progress import Progress

    from rasad.engines.folder import Report

ENGINES = ("local", "spark")
SILENCE = 30.0  #: seconds between two lines of progress where there is no terminal

STATUS = (
    "Exit status: 0 all was read · 1 something was set aside (DESTINATION/aside.jsonl says what and why) · "
    "2 wrong use, or the destination cannot be written."
)


def run(
    paths: Annotated[list[str], typer.Argument(metavar="SOURCE… DESTINATION", help="Files, folders, globs and addresses such as s3://bucket/news/*.warc.gz; last the folder that the claims are written to.", show_default=False)],
    engine: Annotated[str, typer.Option(metavar="|".join(ENGINES), help="What does the work: the cores of this machine, or Spark.")] = "local",
    processes: Annotated[int | None, typer.Option("--processes", "-p", metavar="N", min=1, help="Processes on this machine. [dim]\\[default: one a core][/dim]", show_default=False)] = None,
    master: Annotated[str | None, typer.Option(metavar="URL", help="The master of the Spark cluster: local[4], spark://host:7077, yarn, k8s://…", show_default=False)] = None,
    conf: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A setting of Spark, as spark-submit takes them; may be given more than once.", show_default=False)] = None,
    language: Annotated[str | None, typer.Option(metavar="|".join(codes()), help="The language of the texts. [dim]\\[default: each is looked at][/dim]", show_default=False)] = None,
    columns: ColumnsOption = None,
    every_copy: Annotated[bool, typer.Option("--every-copy", help="Read also the texts that stand in others but for their headline.")] = False,
) -> None:  # fmt: skip
    """Read any amount of text into a folder of claims and deals, on every core or on a cluster.

    Near-copies are read once. A run that was stopped goes on where it was when the same is given again, and gives the same claims.
    Load what it wrote into a register with [bold]rasad load[/bold].
    """
    if len(paths) < 2:
        raise wrong_use("give what is to be read, and then the folder to write to", "rasad run")
    if engine not in ENGINES:
        raise wrong_use(
            f"--engine: {engine!r} is not one of {', '.join(ENGINES)}{nearest(engine, ENGINES)}", "rasad run"
        )
    if language is not None and language not in codes():
        raise wrong_use(
            f"--language: {language!r} is not one of {', '.join(codes())}{nearest(language, codes())}", "rasad run"
        )
    if (master is not None) != (engine == "spark"):
        raise wrong_use("--master is for --engine spark, which needs it", "rasad run")
    if conf and engine != "spark":
        raise wrong_use("--conf is for --engine spark", "rasad run")
    named, settings = dict(columns_given(columns)), dict(_setting(one) for one in conf or [])
    *sources, destination = paths
    if "-" in sources:
        raise wrong_use("standard input cannot be read again where a run goes on; put it into a file", "rasad run")
    with writing("rasad run"), watched() as watching:
        if engine == "spark":
            from rasad.engines.spark import run as run_spark

            report = run_spark(
                sources,
                destination,
                master=str(master),
                language=language,
                columns=named,
                settings=settings,
                watching=watching,
            )
        else:
            from rasad.engines.local import run as run_here

            report = run_here(
                sources,
                Path(destination),
                language=language,
                columns=named,
                every_copy=every_copy,
                processes=processes,
                watching=watching,
            )
    for line in summary(report, destination):
        typer.echo(line)
    raise typer.Exit(SOME_SKIPPED if report.aside else ALL_READ)


def _setting(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise wrong_use(f"--conf: {given!r} is not of the form NAME=VALUE", "rasad run")
    return name.strip(), value


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
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
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
        rate = (behind - self._before) / (now - self._begun)
        left = f", {(self._total - behind) / rate / 60:.0f} min left" if rate > 0 else ""
        tell(f"{self._name}: {_bytes(behind)} of {_bytes(self._total)}, {_bytes(rate)}/s{left}")

    def say(self, entry: Problem | Skipped) -> None:
        """Something is to be told of a source."""
        tell(told(entry))


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
            self._new = False
        self._bars.update(self._task, completed=behind)

    def say(self, entry: Problem | Skipped) -> None:
        """Something is to be told of a source."""
        self._bars.console.print(told(entry), markup=False, highlight=False, soft_wrap=True)


def told(entry: Problem | Skipped) -> str:
    """One line on what is amiss with a source."""
    return (
        f"{entry.path}: set aside, {entry.reason}" if isinstance(entry, Skipped) else f"{entry.path}: {entry.message}"
    )


@contextmanager
def watched() -> Iterator[Bars | Lines]:
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
