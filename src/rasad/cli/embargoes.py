"""``rasad embargoes`` tells which arms embargoes there were, and which deals fall into them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rasad.cli import answering
from rasad.cli.answering import Form, Kind, Output, Table
from rasad.cli.opening import RegisterOption
from rasad.cli.telling import wrong_use

Target = Annotated[str | None, typer.Option("--target", metavar="NAME", help="Only those on this country or group: KAZ, Iraq, org:hezbollah.", show_default=False)]  # fmt: skip
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Only those in force on this day (2015-06-30), or in this month or year.", show_default=False)]  # fmt: skip
Deals = Annotated[bool, typer.Option("--deals", help="The deals that fall into them.", show_default=False)]
File = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="A table of embargoes of your own.", show_default=False)]  # fmt: skip


def embargoes(
    register: RegisterOption = None, target: Target = None, on: On = None, deals: Deals = False, file: File = None,
    form: Form = "table", output: Output = None, table: Table = None, picture: Kind = None,
) -> None:  # fmt: skip
    """Arms embargoes of the United Nations, the European Union and the OSCE since 1990, and the deals that fall into them.

    With [cyan]--deals[/cyan] every transfer and service that falls into one, with what has to be weighed. That is to be looked at: it
    does not say that a deal broke an embargo.
    """
    from rasad.analysis import embargoes as asked
    from rasad.analysis.embargo_table import EmbargoFileError

    try:
        answering.answer(
            lambda kept: asked(kept, target=target, on=on, file=file),
            register, form, output, table or ("flags" if deals else None), picture,
        )  # fmt: skip
    except EmbargoFileError as error:
        raise wrong_use(str(error)) from None
