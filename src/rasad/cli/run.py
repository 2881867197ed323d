"""``rasad run SOURCE… DESTINATION`` reads any amount of text into a folder of claims and deals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rasad.cli.given import ColumnsOption, LanguageOption, columns_given, language_given
from rasad.cli.runs import followed, summary, writing
from rasad.cli.telling import ALL_READ, SOME_SKIPPED, wrong_use
from rasad.reports.near import nearest

COMMAND = "rasad run"
ENGINES = ("local", "spark")

STATUS = (
    "Exit status: 0 all was read · 1 something was set aside (DESTINATION/aside.jsonl says what and why) · "
    "2 wrong use, or the destination cannot be written."
)


def run(
    paths: Annotated[list[str], typer.Argument(metavar="SOURCE… DESTINATION", help="Files, folders, globs and addresses such as s3://bucket/news/*.warc.gz; last the folder that the claims are written to.", show_default=False)],
    engine: Annotated[str, typer.Option(metavar="|".join(ENGINES), help="What does the work: the cores of this machine, or Spark.")] = "local",
    processes: Annotated[int | None, typer.Option("--processes", "-p", metavar="N", min=0, help="Processes on this machine that read, 0: this one. [dim]\\[default: one a core][/dim]", show_default=False)] = None,
    master: Annotated[str | None, typer.Option(metavar="URL", help="The master of the Spark cluster: local[4], spark://host:7077, yarn, k8s://…", show_default=False)] = None,
    conf: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A setting of Spark, as spark-submit takes them; may be given more than once.", show_default=False)] = None,
    language: LanguageOption = None,
    columns: ColumnsOption = None,
    every_copy: Annotated[bool, typer.Option("--every-copy", help="Read also the texts that stand in others but for their headline.")] = False,
) -> None:  # fmt: skip
    """Read any amount of text into a folder of claims and deals, on every core or on a cluster.

    Near-copies are read once. A run that was stopped goes on where it was when the same is given again, and gives the same claims.
    Load what it wrote into a register with [bold]rasad load[/bold].
    """
    _check(paths, engine, master, conf)
    *sources, destination = paths
    language, named = language_given(language, COMMAND), columns_given(columns, COMMAND)
    settings = dict(_setting(one) for one in conf or [])
    with writing(COMMAND), followed() as watching:
        if engine == "spark":
            from rasad.engines.spark import run as run_spark

            report = run_spark(
                sources, destination, master=str(master), language=language, columns=dict(named), every_copy=every_copy,
                settings=settings, watching=watching,
            )  # fmt: skip
        else:
            from rasad.engines.local import run as run_here

            report = run_here(
                sources, Path(destination), language=language, columns=dict(named), every_copy=every_copy, processes=processes,
                watching=watching,
            )  # fmt: skip
    for line in summary(report, destination):
        typer.echo(line)
    raise typer.Exit(SOME_SKIPPED if report.aside else ALL_READ)


def _check(paths: list[str], engine: str, master: str | None, conf: list[str] | None) -> None:
    if len(paths) < 2:
        raise wrong_use("give what is to be read, and then the folder to write to", COMMAND)
    if "-" in paths[:-1]:
        raise wrong_use("standard input cannot be read again where a run goes on; put it into a file", COMMAND)
    if engine not in ENGINES:
        raise wrong_use(f"--engine: {engine!r} is not one of {', '.join(ENGINES)}{nearest(engine, ENGINES)}", COMMAND)
    if (master is not None) != (engine == "spark"):
        raise wrong_use("--master is for --engine spark, which needs it", COMMAND)
    if conf and engine != "spark":
        raise wrong_use("--conf is for --engine spark", COMMAND)


def _setting(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise wrong_use(f"--conf: {given!r} is not of the form NAME=VALUE", COMMAND)
    return name.strip(), value
