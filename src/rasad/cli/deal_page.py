"""A deal or relation with everything behind it, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasad.claims import Money
from rasad.cli.evidence import dim, print_evidence
from rasad.cli.printing import print_table, print_text
from rasad.cli.wording import called, counted, description, plain, said, sources, standing, years
from rasad.reports.wording import amount, inline, money

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from rasad.register import Deal, Register, Row
    from rasad.register.deals import Disagreement, Event, Evidence, Support, Value

_FIELDS = {
    "number": "number_ordered",
    "date": "year_of_order",
    "supplier": "actor",
    "stage": "stage",
    "denied": "polarity",
}
_NUMBERS = ("number_ordered", "number_delivered")


def print_deal(to: Console, register: Register, deal: Deal) -> None:
    """The whole page."""
    row = register.row(deal)
    _print_head(to, row)
    _print_fields(to, row, deal)
    _print_history(to, deal.history)
    _print_disagreements(to, deal.disagreements)
    _print_flags(to, register, deal)
    _print_claims(to, register, row, deal.claims)


def print_title(to: Console, title: str, under: str) -> None:
    """The first line of a page."""
    from rich.text import Text

    line = Text().append(f"━━ {title} ", style="bold").append(f"· {under} ", style="dim")
    to.print(line.append("━" * max(2, to.width - line.cell_len), style="dim"), soft_wrap=True)
    to.print()


def print_heading(to: Console, words: str, more: str = "") -> None:
    """The first line of a part of a page."""
    from rich.text import Text

    to.print(
        Text(words, style="bold underline").append(f"  {more}" if more else "", style="not bold not underline dim")
    )


def _print_head(to: Console, row: Row) -> None:
    from rich.text import Text

    print_title(to, row.id, " · ".join(plain(part) for part in (row.frame, row.stage) if part))
    print_text(to, Text(said(row), style="bold"))
    if row.frame == "allegation":
        print_text(to, Text(f"finding: {standing(row)}", style="red"))
    when = years(row.first_year, row.last_year)
    supported = f"{sources(row.reports, row.sources)}, {counted(row.claims, 'claim')}"
    print_text(to, dim(f"{supported} · {when}" if when else supported))
    to.print()


def _print_fields(to: Console, row: Row, deal: Deal) -> None:
    from rich.text import Text

    lines: list[tuple[Text, ...]] = []
    for field in deal.fields:
        for place, value in enumerate(field.values):
            lines.append(
                (
                    Text(_title(row, field.name) if place == 0 else "", style="dim"),
                    Text(_shown(field.name, value), style="bold" if place == 0 else ""),
                    Text(_supported(value.support)),
                    Text(_published(value.support), style="dim"),
                )
            )
    if lines:
        print_table(to, ("Field", "Value", "Supported by", "Published"), lines)
        to.print()


def _title(row: Row, field: str) -> str:
    """The name of a field: that of the role or attribute of the frame which fills it."""
    from rasad.register.atoms import links

    link = links()[row.frame]
    known = {
        "actor": link.actor,
        "partner": link.partner,
        "third": link.third,
        "label": link.label,
        "description": "category",
    }
    place = field.removesuffix("_organisation")
    name = plain(known.get(place) or place)
    return f"{name}, by organisation" if field != place else name


def _shown(field: str, value: Value) -> str:
    """A value as it is written; in brackets where it is a number that nobody asserts."""
    given = value.value
    if field == "description":
        return description(str(given))
    if field == "value":
        words = money(Money(float(given), value.unit or "")) if value.unit else amount(float(given))
    elif field in _NUMBERS:
        words = amount(float(given))
    elif isinstance(given, str):
        return inline(called(given, value.name)) if ":" in given else plain(value.name).replace("+", " and ")
    else:
        words = str(given)
    return f"[{words}]" if value.estimate else words


def _supported(support: Support) -> str:
    return sources(support.reports, support.sources)


def _published(support: Support) -> str:
    return "–".join(dict.fromkeys(date for date in (support.first, support.last) if date))


def _print_history(to: Console, history: tuple[Event, ...]) -> None:
    from rich.text import Text

    if not history:
        return
    lines = [
        (
            Text(str(event.year or "no year"), style="" if event.year else "dim"),
            Text(f"{'not ' if event.polarity == 'negative' else ''}{plain(event.stage)}"),
            Text("" if event.quantity is None else amount(event.quantity)),
            Text("" if event.certainty == "asserted" else event.certainty, style="yellow"),
            Text(_supported(event.support)),
        )
        for event in history
    ]
    print_table(to, ("Year", "Stage", ">Number", "Certainty", "Supported by"), lines)
    to.print()


def _print_disagreements(to: Console, disagreements: tuple[Disagreement, ...]) -> None:
    from rich.text import Text

    if not disagreements:
        return
    print_heading(to, "Where sources disagree")
    for one in disagreements:
        sides = [f"{_shown(_FIELDS[one.kind], value)} ({_supported(value.support)})" for value in one.values]
        words = " but ".join(sides) if one.kind == "denied" else f"the {plain(one.kind)}: {', or '.join(sides)}"
        print_text(to, Text(f"≠ {words}", style="yellow"))
    to.print()


def _print_flags(to: Console, register: Register, deal: Deal) -> None:
    """The embargoes into which the deal falls."""
    from rich.text import Text

    from rasad.analysis.embargoed import flags_of

    flags = flags_of(register, deal.id)
    if not flags:
        return
    print_heading(to, "To be looked at", "falls into an embargo; that does not say that it broke one")
    for flag in flags:
        print_text(to, Text(f"⚑ {flag.embargo}: {flag.caught} ({flag.legal_act})", style="yellow"))
        print_text(to, dim(f"  {flag.look_at}"))
    to.print()


def _print_claims(to: Console, register: Register, row: Row, claims: tuple[Evidence, ...]) -> None:
    """The evidence, source by source."""
    grouped: dict[str, list[Evidence]] = {}
    for held in claims:
        grouped.setdefault(held.source, []).append(held)
    known = register.names(source for source in grouped if not source.startswith("doc-"))
    every = "" if len(claims) == row.claims else f"{len(claims):,} of {row.claims:,} claims, the surest of every source"
    print_heading(to, "Evidence, by independent source", every)
    to.print()
    for place, (source, some) in enumerate(grouped.items(), 1):
        credit = f"credited to {inline(known[source])}, " if source in known else ""
        reports = len({(p.document, p.outlet, p.copy) for held in some for p in held.publications})
        to.print(dim(f"── source {place} of {row.sources}: {credit}{counted(reports, 'report')}"))
        for held in some:
            print_evidence(to, register, held, [row], part_of=False)
