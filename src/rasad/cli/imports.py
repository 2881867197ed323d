"""``rasad import`` takes what others publish into a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.opening import RegisterOption, opened
from rasad.cli.telling import ALL_READ, SOME_SKIPPED, stopped, tell, wrong_use

if TYPE_CHECKING:
    from rasad.exchange.imports import Imported

STATUS = (
    "Exit status: 0 every line was stored · 1 some lines are no deal (standard error lists them) · "
    "2 wrong use, no trade register, or the register cannot be used."
)

app = typer.Typer(help="Take tables of others into a register.", no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def _import() -> None:
    """Take tables of others into a register."""


@app.command(epilog=STATUS)
def sipri(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A trade register as SIPRI publishes it: the CSV of its website, or a copy with other columns.", show_default=False)],
    register: RegisterOption = None,
) -> None:  # fmt: skip
    """Store SIPRI's trade register: every row is a deal that SIPRI claims.

    A newer file takes the place of the older one; one about a single recipient or supplier takes the place of what the older one
    says of these. Reviews are kept.
    """
    with stopped("nothing was changed"), opened(register, create=True) as kept:
        from rasad.exchange.imports import import_sipri
        from rasad.exchange.sipri import RegisterFormatError

        try:
            imported = import_sipri(kept, file, lambda row: tell(str(row)))
        except RegisterFormatError as error:
            raise wrong_use(str(error), "rasad import sipri") from None
        except OSError as error:
            raise wrong_use(f"{file}: cannot be read: {error.strerror or error}", "rasad import sipri") from None
        for line in _summary(imported):
            typer.echo(line)
    raise typer.Exit(SOME_SKIPPED if imported.bad else ALL_READ)


def _summary(imported: Imported) -> list[str]:
    """What came of it."""
    said = [f"{imported.rows:,} {'row' if imported.rows == 1 else 'rows'}"]
    if imported.bad:
        said.append(f"{len(imported.bad):,} {'line is no deal' if len(imported.bad) == 1 else 'lines are no deals'}")
    said.append("unchanged" if imported.stored.unchanged else f"{imported.stored.claims:,} claims stored")
    lines = [" · ".join(said)]
    if imported.kept:
        about = " from ".join(filter(None, (imported.recipient, imported.supplier)))
        lines.append(f"the table is about {about} only; {imported.kept:,} rows about others stay as they were")
    return [
        *lines,
        f"the register has {imported.deals:,} {'deal' if imported.deals == 1 else 'deals'} with a row of SIPRI's",
    ]
