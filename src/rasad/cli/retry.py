"""``rasad retry`` tries again what could not be read: for a register, or for the folder of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.add import summary
from rasad.cli.opening import RegisterOption, opened
from rasad.cli.telling import ALL_READ, INTERRUPTED, SOME_SKIPPED, tell

if TYPE_CHECKING:
    from rasad.register import Aside
    from rasad.sources import Problem, Skipped

STATUS = (
    "Exit status: 0 nothing is set aside any more · 1 something still is (standard error says what and why) · "
    "2 wrong use, or the register or the folder cannot be used."
)


def retry(
    folder: Annotated[str | None, typer.Argument(metavar="[FOLDER]", help="What rasad run wrote. [dim]\\[default: what rasad add set aside][/dim]", show_default=False)] = None,
    register: RegisterOption = None,
) -> None:  # fmt: skip
    """Try again what could not be read: what [bold]rasad add[/bold] set aside in the register, or [bold]rasad run[/bold] in its folder.

    What goes well is set aside no more.
    """
    raise typer.Exit(_in_register(register) if folder is None else _in_run(folder))


def _in_register(address: str | None) -> int:
    with opened(address) as kept:
        if not kept.counted_aside():
            typer.echo("nothing is set aside")
            return ALL_READ
        try:
            tried = kept.retry(tell=_remark)
        except KeyboardInterrupt:
            tell("rasad: interrupted; what was stored until then stays, and all is set aside as before")
            raise typer.Exit(INTERRUPTED) from None
        for one in tried.left:
            tell(_said(one))
        for line in summary(kept, tried.added.stored, len(tried.left), "still set aside"):
            typer.echo(line)
    return SOME_SKIPPED if tried.left else ALL_READ


def _in_run(folder: str) -> int:
    from rasad.cli.runs import followed, writing
    from rasad.cli.runs import summary as of_run
    from rasad.engines.again import retry

    with writing("rasad retry"), followed() as watching:
        report = retry(Path(folder), watching=watching)
    for line in of_run(report, folder):
        typer.echo(line)
    return SOME_SKIPPED if report.aside else ALL_READ


def _remark(entry: Problem | Skipped) -> None:
    """What is amiss with what was read nevertheless; what is set aside is told at the end."""
    from rasad.sources import Problem

    if isinstance(entry, Problem):
        tell(f"{entry.path}: {entry.message}")


def _said(one: Aside) -> str:
    often = f"{one.tries} times since {one.first[:10]}" if one.tries > 1 else "once"
    return f"{one.name}: set aside, {one.reason} (tried {often})"
