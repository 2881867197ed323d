"""``rasad entities`` lists who and what the register names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasad.cli import printing
from rasad.cli.list import SHOWN, Form, Limit
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.wording import called, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from rasad.register import NamedEntity

COLUMNS = ("id", "name", "kind", "in_gazetteer", "claims", "documents", "forms")
FORMS = 6  #: forms of a name that a table shows


def entities(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only those called so, or whose name has this in it, in any script.", show_default=False)] = None,
    register: RegisterOption = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Only this kind, as person, org, country or system.", show_default=False)] = None,
    limit: Limit = None, form: Form = "table",
) -> None:  # fmt: skip
    """List who and what is named: how often, in how many texts, and in which forms.

    Persons and organisations that are one, as Rasad found or a reviewer said, are listed once; [cyan]rasad show ID[/cyan] says why.
    """
    printing.form(form)
    most = SHOWN if limit is None and form == "table" else limit or None
    with gathered(register) as kept:
        found = kept.entities(name, kind, most)
        if form == "table":
            _table(found.entities, found.total)
        elif form == "json":
            printing.print_json(found.entities)
        elif form == "jsonl":
            printing.print_lines(found.entities)
        else:
            printing.print_csv(COLUMNS, map(_cells, found.entities))


def _cells(entity: NamedEntity) -> dict[str, Any]:
    return {**{column: getattr(entity, column) for column in COLUMNS}, "forms": ";".join(entity.forms)}


def _table(found: Sequence[NamedEntity], total: int) -> None:
    from rich.text import Text

    to = printing.console()
    if not found:
        to.print("nobody and nothing is called so")
        return
    printing.print_table(to, ("Name", ">Claims", ">Texts", "Called", "ID"), [_line(entity) for entity in found])
    shown = (
        f"{counted(total, 'name')}"
        if len(found) == total
        else f"{len(found):,} of {counted(total, 'name')}, --limit 0 shows all"
    )
    to.print(Text(f"{shown} · rasad show ID tells everything behind one", style="dim"), soft_wrap=True)


def _line(entity: NamedEntity) -> tuple[Text, ...]:
    from rich.text import Text

    from rasad.reports.wording import inline

    more = f" and {len(entity.forms) - FORMS} more" if len(entity.forms) > FORMS else ""
    forms = ", ".join(map(inline, entity.forms[:FORMS])) + more
    return (
        Text(inline(called(entity.id, entity.name))),
        Text(f"{entity.claims:,}"),
        Text(f"{entity.documents:,}"),
        Text(forms, style="dim"),
        Text(entity.id, style="dim"),
    )
