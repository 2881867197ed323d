"""``rasad dependence`` tells on whom somebody depends, and what breaks if one provider stops."""

from __future__ import annotations

from typing import Annotated

import typer

from rasad.cli import answering
from rasad.cli.answering import Form as Format
from rasad.cli.answering import Kind, Output, Table
from rasad.cli.opening import RegisterOption

Holder = Annotated[str | None, typer.Argument(metavar="[COUNTRY]", help="Whose dependence: a name or a code, as KAZ.", show_default=False)]  # fmt: skip
Item = Annotated[str | None, typer.Option("--item", metavar="WHAT", help="Only this system, as S-300 (with its variants).", show_default=False)]  # fmt: skip
Without = Annotated[str | None, typer.Option("--without", metavar="COUNTRY", help="What breaks if this provider stops.", show_default=False)]  # fmt: skip


def dependence(
    holder: Holder = None, item: Item = None, without: Without = None, register: RegisterOption = None, form: Format = "table",
    table: Table = None, output: Output = None, picture: Kind = None,
) -> None:  # fmt: skip
    """Tell who depends on whom: who has, makes, overhauls, modernises or feeds a system, who is said to be unable to, which systems
    hang on one provider, and what breaks if one stops.

    A dependence that nobody states is marked [cyan]inferred[/cyan], with the relations from which it was: [cyan]rasad show ID[/cyan].
    """
    from rasad.analysis import dependence as asked

    answering.answer(
        lambda kept: asked(kept, holder, item=item, without=without), register, form, output, table, picture
    )
