"""``rasad market`` and ``rasad supplier``: who arms a country, and whom a country arms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rasad.cli import answering
from rasad.cli.list import Category
from rasad.cli.opening import RegisterOption
from rasad.cli.telling import wrong_use
from rasad.reports.near import nearest

SPANS = {"period": 5, "year": 1}  #: years that are taken together
Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="A country: its name in any language, or its code, as KAZ.", show_default=False)]  # fmt: skip
From = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="The first year that counts.", show_default=False)]  # fmt: skip
To = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="The last year that counts.", show_default=False)]
By = Annotated[str, typer.Option(metavar="|".join(SPANS), help="Years in fives, as SIPRI compares them, or one by one.")]  # fmt: skip


def market(
    country: Country, register: RegisterOption = None, category: Category = None, first: From = None, last: To = None,
    by: By = "period", form: answering.Form = "table", output: answering.Output = None, table: answering.Table = None,
    picture: answering.Kind = None,
) -> None:  # fmt: skip
    """Tell who arms a country: suppliers over time and by category, how concentrated they are, who rivals whom.

    Counted are transfers that were ordered or delivered; offers, services and joint projects stand beside them.
    """
    _answered("market", country, register, category, (first, last), by, form, output, table, picture)


def supplier(
    country: Country, register: RegisterOption = None, category: Category = None, first: From = None, last: To = None,
    by: By = "period", form: answering.Form = "table", output: answering.Output = None, table: answering.Table = None,
    picture: answering.Kind = None,
) -> None:  # fmt: skip
    """Tell whom a country arms: what [cyan]rasad market[/cyan] tells, from the seller's side."""
    _answered("supplier", country, register, category, (first, last), by, form, output, table, picture)


def _answered(
    asked: str, country: str, register: str | None, category: str | None, years: tuple[int | None, int | None], by: str,
    form: str, output: Path | None, table: str | None, picture: str | None,
) -> None:  # fmt: skip
    if by not in SPANS:
        raise wrong_use(f"--by: {by!r} is not one of {', '.join(SPANS)}{nearest(by, SPANS)}", f"rasad {asked}")
    from rasad import analysis

    ask = analysis.market if asked == "market" else analysis.supplier
    first, last = years
    answering.answer(
        lambda kept: ask(kept, country, category=category, year_from=first, year_to=last, years=SPANS[by]),
        register, form, output, table, picture,
    )  # fmt: skip
