"""``rasad flows`` tells who arms whom, and draws it on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasad.cli import list as listing
from rasad.cli.answering import Form, Kind, Output, Table, answer
from rasad.cli.list import Category, Item, MinSources, Outlet, Party, Recipient, Stage, Supplier, Years
from rasad.cli.opening import RegisterOption

if TYPE_CHECKING:
    from rasad.analysis.transfers import Flows
    from rasad.register import Register


def flows(
    register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None, party: Party = None, item: Item = None,
    category: Category = None, year: Years = None, stage: Stage = None, outlet: Outlet = None, min_sources: MinSources = 1,
    form: Form = "table", table: Table = None, output: Output = None, kind: Kind = None,
) -> None:  # fmt: skip
    """List who arms whom: the transfers ordered or delivered, from each supplier to each recipient.

    [cyan]-o flows.svg[/cyan] draws them on a map of the world; with [cyan]--picture sources[/cyan] it draws how many independent
    sources a transfer has.
    """
    first, last = listing.year_span(year)
    asked = {
        "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "stage": stage,
        "outlet": outlet, "min_sources": min_sources, "year_from": first, "year_to": last,
    }  # fmt: skip

    def ask(kept: Register) -> Flows:
        from rasad import analysis

        found: Flows = analysis.flows(kept, **asked)
        return found

    answer(ask, register, form, output, table, kind)
