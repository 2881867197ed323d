"""``rasad allegations`` tells who is accused of what, and what came of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rasad.cli import answering
from rasad.cli.list import Limit, Years, year_span
from rasad.cli.opening import RegisterOption

SHOWN = 50  #: accusations, where --limit does not say otherwise
Accused = Annotated[str | None, typer.Option(metavar="WHO", help="Of whom: a name, a code or an id; of a state also its organisations and persons.", show_default=False)]  # fmt: skip
Accuser = Annotated[str | None, typer.Option(metavar="WHO", help="By whom.", show_default=False)]
Offence = Annotated[str | None, typer.Option(metavar="OFFENCE", help="Of what, as corruption, illicit-transfer or embargo-breach.", show_default=False)]  # fmt: skip


def allegations(
    register: RegisterOption = None, accused: Accused = None, accuser: Accuser = None, offence: Offence = None, year: Years = None,
    limit: Limit = None, form: answering.Form = "table", output: answering.Output = None, table: answering.Table = None,
    picture: answering.Kind = None,
) -> None:  # fmt: skip
    """Tell what is alleged, and what came of it: accused, accuser, offence, findings through time, denials.

    An accusation always comes with how it stands and who denies it.
    """
    first, last = year_span(year)
    most = SHOWN if limit is None and form == "table" else limit or None
    asked: dict[str, Any] = {
        "accused": accused, "accuser": accuser, "offence": offence, "year_from": first, "year_to": last, "limit": most,
    }  # fmt: skip

    def ask(kept: Any) -> Any:
        from rasad.analysis.accusations import allegations as asking

        return asking(kept, **asked)

    answering.answer(ask, register, form, output, table, picture)
