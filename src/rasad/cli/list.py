"""``rasad deals`` and ``rasad relations`` list what the register holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from rasad.cli import printing
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.printing import FORMATS, WIDE
from rasad.cli.telling import wrong_use
from rasad.cli.wording import (
    as_json,
    called,
    counted,
    deliveries,
    description,
    names,
    number,
    plain,
    said,
    standing,
    support,
    years,
)
from rasad.reports.near import nearest

if TYPE_CHECKING:
    from rich.text import Text

    from rasad.register import Row

Kind = Literal["deal", "relation"]
SHOWN = 50  #: rows of a table, where --limit does not say otherwise
NARROW = 96  #: columns under which a deal is one sentence
SHORT = 10  #: characters of an id that are shown otherwise: enough to tell it from hundreds of thousands
#: The roles of deals that stand in the first column and in the second; the partners of a project stand in the first.
SUPPLIERS = ("supplier", "provider", "party")
RECIPIENTS = ("recipient", "client")
ORDERS = ("sources", "year", "number", "value")
DISPUTES = ("number", "date", "supplier", "stage", "denied")
_YEARS = re.compile(r"(\d{4})?\s*([-–]?)\s*(\d{4})?")


class Command(TyperCommand):
    """A command whose ``--disputed`` may stand without a kind: it then means any."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Fills in the kind that was left out."""
        completed = [
            part
            for here, after in pairwise([*args, "--"])
            for part in ([here, "any"] if here == "--disputed" and after.startswith("-") else [here])
        ]
        return super().parse_args(ctx, completed)


Supplier = Annotated[str | None, typer.Option(metavar="WHO", help="Supplier, provider or whom it is about: a name, a code or an id.", show_default=False)]  # fmt: skip
Recipient = Annotated[str | None, typer.Option(metavar="WHO", help="Recipient, client or other party.", show_default=False)]  # fmt: skip
Party = Annotated[str | None, typer.Option(metavar="WHO", help="Either of them.", show_default=False)]
Item = Annotated[str | None, typer.Option(metavar="WHAT", help="A designation or a kind of equipment; S-300 finds the S-300PS too.", show_default=False)]  # fmt: skip
Category = Annotated[str | None, typer.Option(metavar="CATEGORY", help="A category of weapons, as aircraft.", show_default=False)]  # fmt: skip
Frame = Annotated[str | None, typer.Option(metavar="FRAME", help="Only this frame, as service or allegation.", show_default=False)]  # fmt: skip
Years = Annotated[str | None, typer.Option("--year", metavar="A|A-B", help="With claims of this year, or of these years.", show_default=False)]  # fmt: skip
Stage = Annotated[str | None, typer.Option(metavar="STAGE", help="How far it has come, as ordered or delivered.", show_default=False)]  # fmt: skip
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="Reported by this outlet.", show_default=False)]
MinSources = Annotated[int, typer.Option(metavar="N", min=1, help="With at least so many independent sources.")]
Disputed = Annotated[str | None, typer.Option(metavar="[KIND]", help=f"On which sources disagree, of one kind: {', '.join(DISPUTES)}; or of any.", show_default=False)]  # fmt: skip
Order = Annotated[str, typer.Option(metavar="|".join(ORDERS), help="What comes first.")]
Limit = Annotated[int | None, typer.Option(metavar="N", min=0, help=f"At most so many; 0 for all. [dim]\\[default: {SHOWN} in a table, else all][/dim]", show_default=False)]  # fmt: skip
Form = Annotated[str, typer.Option("--format", "-f", metavar="|".join(FORMATS), help="How to show them.")]


def deals(
    register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None, party: Party = None, item: Item = None,
    category: Category = None, frame: Frame = None, year: Years = None, stage: Stage = None, outlet: Outlet = None,
    min_sources: MinSources = 1, disputed: Disputed = None, order: Order = "sources", limit: Limit = None, form: Form = "table",
) -> None:  # fmt: skip
    """List deals: who supplies or services what for whom, or builds it with whom, as SIPRI's register lists them.

    Numbers in brackets are estimates: nobody asserts them outright. [cyan]rasad show ID[/cyan] tells everything behind a deal.
    """
    asked = {
        "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "frame": frame,
        "stage": stage, "outlet": outlet, "min_sources": min_sources, "disputed": disputed,
    }  # fmt: skip
    _listed("deal", register, asked, year, order, limit, form)


def relations(
    register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None, party: Party = None, item: Item = None,
    category: Category = None, frame: Frame = None, year: Years = None, stage: Stage = None, outlet: Outlet = None,
    min_sources: MinSources = 1, disputed: Disputed = None, order: Order = "sources", limit: Limit = None, form: Form = "table",
) -> None:  # fmt: skip
    """List relations: who can make what, depends on whom, rivals, restricts, accuses, belongs to, draws closer to, wants.

    An accusation always comes with what became of it and whether it is denied.
    """
    asked = {
        "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "frame": frame,
        "stage": stage, "outlet": outlet, "min_sources": min_sources, "disputed": disputed,
    }  # fmt: skip
    _listed("relation", register, asked, year, order, limit, form)


def _listed(
    kind: Kind, address: str | None, asked: dict[str, Any], year: str | None, order: str, limit: int | None, form: str
) -> None:
    printing.form(form)
    if order not in ORDERS:
        raise wrong_use(f"--order: {order!r} is not one of {', '.join(ORDERS)}{nearest(order, ORDERS)}")
    first, last = year_span(year)
    most = SHOWN if limit is None and form == "table" else limit or None
    with gathered(address) as register:
        from rasad.register import Filters

        filters = Filters(kind=kind, year_from=first, year_to=last, order=order, limit=most, **asked)  # type: ignore[arg-type]
        rows = register.rows(filters)
        if form == "table":
            _table(kind, rows, register.counted(filters))
        else:
            _data(kind, rows, form)


def year_span(given: str | None) -> tuple[int | None, int | None]:
    """The first and last year of ``2018``, ``2015-2018``, ``2015-`` or ``-2018``."""
    if given is None:
        return None, None
    match = _YEARS.fullmatch(given.strip())
    first, dash, last = match.groups() if match else (None, None, None)
    if not (first or last) or (first and last and (not dash or first > last)):
        raise wrong_use(f"--year: {given!r} is neither a year, as 2018, nor years, as 2015-2018")
    return (int(first) if first else None), (int(last) if last else None if dash and first else int(first or last or 0))


# As data.

DEAL_COLUMNS = (
    "id", "frame", "supplier", "supplier_id", "recipient", "recipient_id", "number_ordered", "designation", "designation_id",
    "category", "activity", "year_of_order", "first_delivery", "last_delivery", "number_delivered", "value", "currency", "stage",
    "polarity", "reports", "independent_sources", "claims", "disputed", "estimates",
)  # fmt: skip
RELATION_COLUMNS = (
    "id", "frame", "sentence", "roles", "category", "stage", "polarity", "findings", "denied_by", "first_year", "last_year",
    "reports", "independent_sources", "claims", "disputed",
)  # fmt: skip


def _data(kind: Kind, rows: Sequence[Row], form: str) -> None:
    if form == "json":
        printing.print_json([as_json(row) for row in rows])
    elif form == "jsonl":
        printing.print_lines(as_json(row) for row in rows)
    else:
        columns = DEAL_COLUMNS if kind == "deal" else RELATION_COLUMNS
        printing.print_csv(columns, ({name: cells[name] for name in columns} for cells in map(_cells, rows)))


def _cells(row: Row) -> dict[str, Any]:
    """Everything that a column of a CSV file may hold; several values joined with semicolons."""
    parties = {"supplier": SUPPLIERS, "recipient": RECIPIENTS, "designation": ("item",)}
    held = {column: next((row.roles[r] for r in roles if r in row.roles), ()) for column, roles in parties.items()}
    return {
        **{name: getattr(row, name) for name in row.__struct_fields__},
        **{column: ";".join(named.name for named in found) for column, found in held.items()},
        **{f"{column}_id": ";".join(named.id for named in found) for column, found in held.items()},
        "sentence": said(row),
        "roles": ";".join(f"{role}={named.id}" for role, found in row.roles.items() for named in found),
        "activity": ";".join(row.attributes.get("activity", ())),
        "value": row.value.amount if row.value else None,
        "currency": row.value.currency if row.value else None,
        "independent_sources": row.sources,
        "denied_by": ";".join(called(named.id, named.name) for named in row.denied_by),
        **{name: ";".join(getattr(row, name)) for name in ("findings", "disputed", "estimates")},
    }


# For a person.


def _table(kind: Kind, rows: Sequence[Row], total: int) -> None:
    from rich.text import Text

    to = printing.console()
    if not rows:
        to.print(f"no {kind}s that pass" if total == 0 else f"{counted(total, kind)}, none of them shown")
        return
    columns, cells = (_DEALS, _deal) if kind == "deal" and to.width >= NARROW else (_LINES[kind], _line)
    lines = [(*cells(row), _supported(row, to.width), _short(row.id, to.width)) for row in rows]
    printing.print_table(to, columns, lines)
    all_or_some = (
        counted(total, kind) if len(rows) == total else f"{len(rows):,} of {counted(total, kind)}, --limit 0 shows all"
    )
    to.print(Text(f"{all_or_some} · rasad show ID tells everything behind one", style="dim"), soft_wrap=True)


_DEALS = ("Supplier", "Recipient", ">Number", "Designation", "Year", "Delivered", "Stage", "Reported by", "ID")
_LINES = {kind: (kind.capitalize(), "Years", "Reported by", "ID") for kind in ("deal", "relation")}


def _deal(row: Row) -> tuple[Text, ...]:
    from rich.text import Text

    return (
        Text(names(row, *SUPPLIERS)),
        Text(names(row, *RECIPIENTS)),
        Text(number(row, "number_ordered")),
        _thing(row),
        Text(number(row, "year_of_order")),
        Text(deliveries(row)),
        _come_to(row),
    )


_STAGES = {
    "not so": "red",
    "delivered": "green",
    "completed": "green",
    "cancelled": "red",
    "refused": "red",
    "suspended": "yellow",
}


def _thing(row: Row) -> Text:
    """The designation, with what it is below; and what is done, where that is not a transfer."""
    from rich.text import Text

    item = row.roles.get("item", ())
    text = Text(names(row, "item"))
    below = []
    if row.frame != "transfer":
        below.append(Text(" and ".join(row.attributes.get("activity", ())) or plain(row.frame), style="italic"))
    if item and item[0].id.startswith("system:"):
        below.append(Text(description(row.category), style="dim"))
    return Text("\n").join([text, *below] if item else below)


def _come_to(row: Row) -> Text:
    """How far it has come; with its years where it was neither ordered nor delivered."""
    from rich.text import Text

    stage = "not so" if row.polarity == "negative" else row.stage or ""
    text = Text(plain(stage), style=_STAGES.get(stage, ""))
    if row.year_of_order is None and row.first_delivery is None and row.first_year is not None:
        text.append(f"\n{years(row.first_year, row.last_year)}", style="dim")
    return text


def _supported(row: Row, width: int) -> Text:
    """How many reports and independent sources, and on what they disagree."""
    from rich.text import Text

    reports, comma, independent = support(row.reports, row.sources).replace(" ", "\u00a0").partition(",\u00a0")
    text = Text(reports + (",\n" if width < WIDE and (row.kind == "deal" or width < NARROW) else comma) + independent)
    return text.append(f"\n≠ {', '.join(row.disputed)}", style="yellow") if row.disputed else text


def _line(row: Row) -> tuple[Text, ...]:
    """A relation, or a deal where there is no room for its columns, in one sentence."""
    from rich.text import Text

    text = Text(said(row))
    if row.frame == "allegation":
        text.append(f" · {standing(row)}", style="red")
    elif row.stage and row.polarity == "positive":
        text.append(f" · {plain(row.stage)}", style=_STAGES.get(row.stage, "dim"))
    return text, Text(years(row.first_year, row.last_year))


def _short(identifier: str, width: int) -> Text:
    from rich.text import Text

    return Text(identifier if width >= WIDE else identifier[:SHORT], style="dim")
