"""``rasad export`` writes a register for other programs and people."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from rasad.cli import list as listing
from rasad.cli.list import Category, Item, MinSources, Outlet, Party, Recipient, Stage, Supplier, Years
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import tell, wrong_use

if TYPE_CHECKING:
    from rasad.register import Register

app = typer.Typer(help="Write a register for other programs and people.", no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def _export() -> None:
    """Write a register for other programs and people."""


@app.command()
def sipri(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.", show_default=False)] = None,
    register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None, party: Party = None, item: Item = None,
    category: Category = None, year: Years = None, stage: Stage = None, outlet: Outlet = None, min_sources: MinSources = 1,
) -> None:  # fmt: skip
    """Write the transfers in the columns of SIPRI's trade register, as CSV.

    Numbers and years in brackets are estimates; what other sources say, and the ids of the claims, stand in the comments.
    """
    asked = {
        "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "stage": stage,
        "outlet": outlet, "min_sources": min_sources,
    }  # fmt: skip
    first, last = listing.year_span(year)
    with gathered(register) as kept:
        _export_to(output, kept, asked | {"year_from": first, "year_to": last})


def _export_to(output: Path | None, register: Register, asked: dict[str, Any]) -> None:
    if output is None:
        _write(register, asked, sys.stdout.buffer)
        return
    partial = output.with_name(f".{output.name}.part")
    try:
        with partial.open("wb") as stream:
            _write(register, asked, stream)
        os.replace(partial, output)
    except OSError as error:
        raise wrong_use(
            f"--output: {output} cannot be written: {error.strerror or error}", "rasad export sipri"
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _write(register: Register, asked: dict[str, Any], stream: IO[bytes]) -> None:
    from rasad.exchange.sipri import write_register
    from rasad.exchange.sipri.deals import rows_of
    from rasad.register import Filters

    filters = Filters(kind="deal", frame="transfer", **asked)
    rows = list(rows_of(register, filters))
    write_register(rows, stream)
    left = register.counted(filters) - len(rows)
    of = "1 transfer was" if left == 1 else f"{left:,} transfers were"
    why = f"; {of} left out: no weapon or no party is known, or it is only denied" if left else ""
    tell(f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'} written{why}")
