"""``rasad watch FILE`` visits feeds, sitemaps and pages on a schedule and adds what is new."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.opening import RegisterOption, opened
from rasad.cli.telling import ALL_READ, INTERRUPTED, SOME_SKIPPED, WRONG_USE, tell

if TYPE_CHECKING:
    from rasad.register import Register
    from rasad.sources.visits.plan import Plan

STATUS = (
    "Exit status: 0 it was ended, or with --once every source was visited · 1 with --once some source could not be visited · "
    "2 wrong use, or the register cannot be used · 130 interrupted before --once was done."
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="What is to be visited: a file in TOML with a contact and a table for each \\[\\[feed]], \\[\\[sitemap]] and \\[\\[page]].", show_default=False)]  # fmt: skip
Once = Annotated[bool, typer.Option("--once", help="Visit what is due now, and end.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Tell only of what cannot be stored.")]


def watch(file: File, register: RegisterOption = None, once: Once = False, quiet: Quiet = False) -> None:
    """Visit feeds, sitemaps and pages on a schedule, and add what is new in them to a register, which is made where there is none.

    Each host is asked one thing at a time, with a pause, as its robots.txt allows. Ctrl-C ends it; what is left to do is done the
    next time. [cyan]rasad watched[/cyan] shows what each source gave.
    """
    from rasad.sources.visits.plan import PlanError, plan_in

    try:
        plan = plan_in(file)
    except PlanError as error:
        for mistake in error.mistakes:
            tell(f"rasad: {mistake}")
        raise typer.Exit(WRONG_USE) from None
    with opened(register, create=True) as kept:
        well, interrupted = asyncio.run(_watched(kept, plan, once, quiet))
    if once and interrupted:
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(ALL_READ if well or not once else SOME_SKIPPED)


async def _watched(register: Register, plan: Plan, once: bool, quiet: bool) -> tuple[bool, bool]:
    """Watches until a signal ends it; gives whether all went well, and whether a signal did."""
    from rasad.register.watching import Watch, alone

    stop = asyncio.Event()
    for end in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends it at once
            asyncio.get_running_loop().add_signal_handler(end, stop.set)
    with alone(register.engine):
        watch = Watch(register.engine, plan, (lambda _: None) if quiet else _log, _log)
        well = await watch.run(stop, once=once)
    return well, stop.is_set()


def _log(line: str) -> None:
    tell(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}")
