"""``rasad alignment`` tells where a state or bloc stands and where it moves."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rasad.cli import answering
from rasad.cli.list import Years, year_span
from rasad.cli.opening import RegisterOption

Who = Annotated[str, typer.Argument(metavar="WHO", help="A state or bloc: a name, a code or an id.")]


def alignment(
    who: Who, register: RegisterOption = None, year: Years = None, form: answering.Form = "table", output: answering.Output = None,
    table: answering.Table = None, picture: answering.Kind = None,
) -> None:  # fmt: skip
    """Tell where a state is drifting: memberships, moves toward and away from blocs and states, a yearly index, stated positions."""
    first, last = year_span(year)

    def ask(kept: Any) -> Any:
        from rasad.analysis.alignments import alignment as asking

        return asking(kept, who, year_from=first, year_to=last)

    answering.answer(ask, register, form, output, table, picture)
