"""``rasad export`` writes a register for other programs and people."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from rasad.cli import list as listing
from rasad.cli.list import Category, Disputed, Frame, Item, MinSources, Outlet, Party, Recipient, Stage, Supplier, Years
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import tell, wrong_use

app = typer.Typer(help="Write a register for other programs and people.", no_args_is_help=True, rich_markup_mode="rich")

Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of standard output.", show_default=False)]  # fmt: skip
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]


class _Format(NamedTuple):
    """The help of a format, the word for what is written, and why something that passes is left out."""

    told: str
    what: str = "deal or relation"
    left: str = "only denied"


FORMATS = {
    "sipri": _Format(
        "Write the transfers in the columns of SIPRI's trade register, as CSV.\n\nNumbers and years in brackets are estimates; what "
        "other sources say, and the ids of the claims, stand in the comments.",
        "row", "no weapon or no party is known, or it is only denied",
    ),
    "parquet": _Format("Write deals and relations as Parquet: a row for each, with a list of its claims."),
    "jsonl": _Format("Write deals and relations as JSON lines: one a line, with every claim behind it."),
    "ftm": _Format("Write FollowTheMoney entities as JSON lines, for Aleph and its kin."),
    "graphml": _Format(
        "Write a graph as GraphML: entities as nodes, deals and relations as edges.", left="only denied, or with a single end",
    ),
    "geojson": _Format(
        "Write the flows of arms between states as GeoJSON: a line from each supplier to each recipient.",
        "transfer", "neither ordered nor delivered, or not between two states that are known",
    ),
    "sqlite": _Format("Write a SQLite file for Datasette, and a file that describes it beside it."),
}  # fmt: skip


@app.callback()
def _export() -> None:
    """Write a register for other programs and people."""


def _command(form: str) -> Callable[..., None]:
    def export(
        output: Output = None, force: Force = False, register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None,
        party: Party = None, item: Item = None, category: Category = None, frame: Frame = None, year: Years = None, stage: Stage = None,
        outlet: Outlet = None, min_sources: MinSources = 1, disputed: Disputed = None,
    ) -> None:  # fmt: skip
        first, last = listing.year_span(year)
        asked = {
            "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "frame": frame,
            "stage": stage, "outlet": outlet, "min_sources": min_sources, "disputed": disputed, "year_from": first, "year_to": last,
        }  # fmt: skip
        _written(form, output, force, register, asked)

    return export


for _form, _format in FORMATS.items():
    app.command(_form, cls=listing.Command, help=_format.told)(_command(_form))


def _written(form: str, output: Path | None, force: bool, address: str | None, asked: dict[str, Any]) -> None:
    from rasad.exchange.exports import WHOLE, export, stream_to
    from rasad.exchange.output import OutputError
    from rasad.register import Filters

    if output is None and form in WHOLE:
        raise wrong_use(f"{form}: is written to a file; name it with -o FILE", "rasad export")
    with gathered(address) as register:
        filters = Filters(**asked)
        try:
            if output is None:
                written, left = stream_to(register, form, sys.stdout.buffer, filters)
            else:
                written, left = export(register, form, output, filters, force=force)
        except OutputError as error:
            raise wrong_use(f"--output: {error}", f"rasad export {form}") from None
    _tell(FORMATS[form], written, left)


def _tell(form: _Format, written: int, left: int) -> None:
    singular, plural = (form.what, f"{form.what}s") if " or " not in form.what else (form.what, "deals and relations")
    were = f"{left:,} {'was' if left == 1 else 'were'}"
    tell(
        f"{written:,} {singular if written == 1 else plural} written{f'; {were} left out: {form.left}' if left else ''}"
    )
