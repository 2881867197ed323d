"""``rasad reconcile`` sets the press beside SIPRI's trade register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasad.cli import list as listing
from rasad.cli import printing
from rasad.cli.list import Category, Form, Item, Limit, MinSources, Outlet, Party, Recipient, Supplier, Years
from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import wrong_use
from rasad.reports.near import nearest

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rasad.analysis.reconciliation import Comparison, Side

SHOWN = 50  #: comparisons of a table, where --limit does not say otherwise
SIDES = 6  #: deals of SIPRI's that are shown in one comparison; the others are counted
MARKS = {
    "confirmed": ("✓", "green"), "differing": ("≠", "yellow"), "press only": ("+", "cyan"), "register only": ("−", "blue"),
    "unclear": ("?", "magenta"), "not covered": ("·", "dim"),
}  # fmt: skip
FIELDS = (
    "supplier", "designation", "number ordered", "year of order", "number delivered", "years of delivery", "status",
)  # fmt: skip
Only = Annotated[list[str] | None, typer.Option("--only", metavar="KIND", help=f"Only comparisons of this kind: {', '.join(MARKS)}; may be given more than once.", show_default=False)]  # fmt: skip


def reconcile(
    register: RegisterOption = None, supplier: Supplier = None, recipient: Recipient = None, party: Party = None, item: Item = None,
    category: Category = None, year: Years = None, outlet: Outlet = None, min_sources: MinSources = 1, only: Only = None,
    limit: Limit = None, form: Form = "table",
) -> None:  # fmt: skip
    """Set the press beside SIPRI's trade register: what both say, what only one says, and in what they differ.

    Compared are transfers: services and joint projects stand in no table of SIPRI's, but for licensed production. The table comes
    into the register with [cyan]rasad import sipri FILE[/cyan].
    """
    printing.form(form)
    kinds = [_kind(given) for given in only or MARKS]
    first, last = listing.year_span(year)
    asked: dict[str, Any] = {
        "supplier": supplier, "recipient": recipient, "party": party, "item": item, "category": category, "outlet": outlet,
        "min_sources": min_sources if min_sources > 1 else None, "year_from": first, "year_to": last,
    }  # fmt: skip
    most = SHOWN if limit is None and form == "table" else limit or None
    with gathered(register) as kept:
        from rasad.analysis.reconciliation import ReconciliationError
        from rasad.analysis.reconciliation import reconcile as compared

        try:
            every = compared(kept, **{name: value for name, value in asked.items() if value is not None})
        except ReconciliationError as error:
            raise wrong_use(str(error), "rasad reconcile") from None
        chosen = [one for one in every if one.kind in kinds]
        if form == "table":
            _table(chosen[:most], chosen)
        else:
            _data(chosen[:most], form)


def _kind(given: str) -> str:
    kind = given.strip().lower().replace("-", " ").replace("_", " ")
    if kind not in MARKS:
        raise wrong_use(f"--only: {given!r} is not one of {', '.join(MARKS)}{nearest(kind, MARKS)}", "rasad reconcile")
    return kind


# As data.


def _data(shown: Sequence[Comparison], form: str) -> None:
    if form == "json":
        printing.print_json(shown)
    elif form == "jsonl":
        printing.print_lines(shown)
    else:
        rows = [_cells(one) for one in shown]
        sides = [f"{side}_{_column(name)}" for name in FIELDS for side in ("press", "register")]
        ids = ["press_deal", "register_deals", "press_claims", "register_claims", "press_sources"]
        printing.print_csv(
            ["kind", "recipient", "recipient_id", "item", "item_id", "category", "differs_in", *sides, "note", *ids],
            rows,
        )


def _column(name: str) -> str:
    return name.replace(" ", "_")


def _cells(one: Comparison) -> dict[str, Any]:
    press = [one.press] if one.press else []
    cells: dict[str, Any] = {
        "kind": one.kind, "category": one.category, "note": one.note, "differs_in": "; ".join(d.column for d in one.differences),
        "press_deal": one.press.deal if one.press else None, "register_deals": "; ".join(side.deal for side in one.register),
        "press_claims": "; ".join(claim for side in press for claim in side.claims),
        "register_claims": "; ".join(claim for side in one.register for claim in side.claims),
        "press_sources": one.press.sources if one.press else 0,
    }  # fmt: skip
    for name, named in (("recipient", one.recipient), ("item", one.item)):
        cells |= {name: named.name if named else None, f"{name}_id": named.id if named else None}
    for name in FIELDS:
        for side, held in (("press", press), ("register", one.register)):
            cells[f"{side}_{_column(name)}"] = "; ".join(
                str(said) for deal in held for said in deal.columns.get(name, ())
            )
    return cells


# For a person to read.


def _table(shown: Sequence[Comparison], every: Sequence[Comparison]) -> None:
    from rich.text import Text

    to = printing.console()
    for one in shown:
        _block(to, one)
    counts: Counter[str] = Counter(one.kind for one in every)
    said = " · ".join(f"{counts[kind]:,} {kind}" for kind in MARKS if counts[kind]) or "nothing to compare"
    to.print(Text(said, style="bold"), soft_wrap=True)
    if len(shown) < len(every):
        to.print(Text(f"{len(shown):,} of {len(every):,} are shown; --limit 0 shows all", style="dim"), soft_wrap=True)


def _block(to: Console, one: Comparison) -> None:
    from rich.text import Text

    mark, style = MARKS[one.kind]
    thing = one.item.name if one.item else "arms"
    kind = f"differing in {', '.join(d.column for d in one.differences)}" if one.differences else one.kind
    whom = one.recipient.name if one.recipient else "nobody named"
    title = Text(f"{mark} {thing} for {whom}", style="bold").append(f": {kind}", style=style)
    printing.print_text(to, title, indent="")
    differing = {difference.column for difference in one.differences}
    if one.press:
        _side(to, "press", one.press, differing)
    for side in one.register[:SIDES]:
        _side(to, "SIPRI", side, differing)
    if len(one.register) > SIDES:
        printing.print_text(to, Text(f"SIPRI  and {len(one.register) - SIDES} more", style="dim"))
    if not one.register and one.kind == "press only":
        printing.print_text(to, Text("SIPRI  has no such deal", style="dim"))
    if one.note:
        printing.print_text(to, Text(one.note, style="italic"))
    to.print()


def _side(to: Console, who: str, side: Side, differing: set[str]) -> None:
    """One line: ``press  Ukraine · S-300 · 5 ordered 2015 · 2 delivered 2017``."""
    from rich.text import Text

    line = Text(f"{who}  ", style="dim")
    parts = [*_parts(side, differing)]
    for number, part in enumerate(parts):
        line.append(" · " if number else "").append_text(part)
    behind = f" · {_count(len(side.claims), 'claim')}, {_count(side.sources, 'source')}" if who == "press" else ""
    printing.print_text(to, line.append(f"{behind} · {side.deal}", style="dim"))


def _parts(side: Side, differing: set[str]) -> Iterator[Text]:
    from rich.text import Text

    told = {name: _told(side, name, differing) for name in FIELDS}
    for name in ("supplier", "designation"):
        if told[name]:
            yield told[name]
    for number, verb, year in (
        ("number ordered", "ordered", "year of order"),
        ("number delivered", "delivered", "years of delivery"),
    ):
        if told[number] or told[year]:
            yield Text(" ").join(part for part in (told[number], Text(verb), told[year]) if part)
    known = {"ordered"} | (
        {"delivered", "delivering"} if told["years of delivery"] or told["number delivered"] else set()
    )
    more = [said for said in side.columns.get("status", ()) if said.value not in known or "status" in differing]
    if more:
        yield Text(" and ".join(said.name for said in more), style="yellow" if "status" in differing else "")
    if side.denied:
        yield Text(f"denied: {', '.join(said.name for said in side.denied)}", style="yellow")


def _told(side: Side, name: str, differing: set[str]) -> Text:
    """The competing values of a column."""
    from rich.text import Text

    held = side.columns.get(name, ())
    if name == "years of delivery":
        held = tuple(sorted(held, key=lambda said: said.value))  # one after the other, not one against the other
    joint = ", " if name == "years of delivery" else " or "
    return Text(joint.join(str(said) for said in held), style="yellow" if name in differing else "")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
