"""``rasad load FOLDER…`` takes what ``rasad run`` wrote into a register."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.add import summary
from rasad.cli.opening import RegisterOption, opened
from rasad.cli.progress import progress
from rasad.cli.telling import ALL_READ, INTERRUPTED, SOME_SKIPPED, tell, wrong_use

if TYPE_CHECKING:
    from rasad.register.load import Loaded, Run

STATUS = (
    "Exit status: 0 all was stored · 1 something was left out (standard error says what and why) · "
    "2 wrong use, no whole result of a run, or the register cannot be used."
)


def load(
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER…", help="What rasad run wrote, here or at an address such as s3://bucket/run.", show_default=False)],
    register: RegisterOption = None,
) -> None:  # fmt: skip
    """Take the result of [bold]rasad run[/bold] into a register, which is made where there is none.

    What is there already changes nothing: a load that was stopped is given again. Texts that another version of the reader read are
    taken with its claims, unless the register has others; [bold]rasad add[/bold] reads them again.
    """
    with opened(register, create=True) as kept:
        from rasad.register.load import LoadError, load, run_in
        from rasad.register.store import Stored

        loaded: list[Loaded] = []
        try:
            runs = [run_in(folder.rstrip("/")) for folder in folders]
            total = sum(run.documents for run in runs) if sys.stderr.isatty() else 0
            with progress(total, "texts") as (advance, told):
                for run in runs:
                    if run.older:
                        told(_older(run))
                    loaded.append(
                        load(
                            kept.engine, run, tell=lambda entry: told(f"{entry.path}: left out, {entry.reason}"), done=advance
                        )
                    )  # fmt: skip
        except LoadError as error:
            raise wrong_use(str(error), "rasad load") from None
        except KeyboardInterrupt:
            tell("rasad: interrupted; what was stored until then stays, load the same again for the rest")
            raise typer.Exit(INTERRUPTED) from None
        left = sum(len(one.skipped) for one in loaded)
        for line in summary(kept, sum((one.stored for one in loaded), Stored()), left, "left out"):
            typer.echo(line)
    raise typer.Exit(SOME_SKIPPED if left else ALL_READ)


def _older(run: Run) -> str:
    return (
        f"{run.place}: was read by another version of the reader ({run.reader}); its claims are taken as they are, and "
        "`rasad add` of the same texts reads them again"
    )
