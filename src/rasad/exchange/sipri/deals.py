"""The deals of a register as rows of a trade register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import msgspec
from sqlalchemy import Connection, select

from rasad.claims import decoded
from rasad.exchange.columns import DELIVERED, Said, Saying, columns, sayings
from rasad.exchange.flows import transfers
from rasad.exchange.sipri import words
from rasad.exchange.sipri.register import row_of_line, write_register
from rasad.exchange.sipri.rows import Figure, Party, Period, RegisterRow
from rasad.register import Filters, Register
from rasad.register.database import reading
from rasad.register.schema import atoms, claims

TOGETHER = 500  #: deals looked up at a time
TITLE_LINES = 1  #: lines of a written register before its first deal
_FIGURES = (
    ("number ordered", "quantity", "number_ordered"),
    ("year of order", "ordered", "year_of_order"),
    ("number delivered", "quantity_delivered", "number_delivered"),
)  #: of each figure the column, the key of the summary and the field of a row
_COMPETING = ("supplier", "designation", "number ordered", "year of order", "number delivered")


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes the transfers that pass as a trade register; gives how many, and how many :func:`rows_of` left out. Raises
    FilterError."""
    rows = list(rows_of(register, filters))
    write_register(rows, stream)
    return len(rows), register.counted(transfers(filters)) - len(rows)


def rows_of(register: Register, filters: Filters | None = None) -> Iterator[RegisterRow]:
    """The transfers of a register that pass the filters, in the order that these ask for, as rows of a trade register.

    A row shows the values that the register's summary shows, an estimate where nobody asserts them; what other sources say
    instead stands in its comments (``number ordered also 18 (2 sources)``), with the terms, the value and a stage that is no order.
    Where a row of SIPRI's belongs to the deal, its description, status and comments are kept. ``claims`` are those of the deal.

    Left out are transfers of which no weapon or neither party is known, and those that are only denied.
    """
    summaries = register.listed(transfers(filters or Filters()))
    line = TITLE_LINES
    with reading(register.engine) as connection:
        for start in range(0, len(summaries), TOGETHER):
            for row in _rows(register, connection, summaries[start : start + TOGETHER]):
                line += 1
                yield msgspec.structs.replace(row, line=line)


def row_of(register: Register, summary: Mapping[str, Any]) -> RegisterRow | None:
    """A transfer as such a row; None of one that :func:`rows_of` leaves out."""
    with reading(register.engine) as connection:
        return next(_rows(register, connection, [summary]), None)


def _rows(register: Register, connection: Connection, summaries: Sequence[Mapping[str, Any]]) -> Iterator[RegisterRow]:
    told = dict(sayings(connection, atoms.c.deal.in_([summary["deal"] for summary in summaries])))
    printed = _printed(connection, {said.entry for some in told.values() for said in some if said.entry})
    keys = {key for some in told.values() for said in some for key in (said.actor, said.partner, said.item) if key}
    names = register.names(keys)
    for summary in summaries:
        some = told.get(summary["deal"], [])
        parties = summary["actor"] is not None or summary["partner"] is not None
        if parties and summary["item"] is not None and not all(said.denied for said in some):
            own = next((printed[said.entry] for said in some if said.entry), None)
            yield _row(summary, some, names, own)


def _printed(connection: Connection, entries: set[str]) -> dict[str, RegisterRow]:
    """The rows of SIPRI's, by the first claim of each."""
    rows = connection.execute(select(claims.c.id, claims.c.body).where(claims.c.id.in_(sorted(entries))))
    return {identifier: row_of_line(decoded(body).evidence.quote) for identifier, body in rows}


def _row(
    summary: Mapping[str, Any], some: Sequence[Saying], names: Mapping[str, str], own: RegisterRow | None
) -> RegisterRow:
    told = columns(some, names)
    press = columns((said for said in some if not said.entry), names)
    ordered = any(
        said.quantity and said.stage not in DELIVERED for said in some
    )  # else the summary shows those delivered
    figures = {
        name: _figure(
            press.get(name, ()), summary[key] if key != "quantity" or ordered else None, getattr(own, field, None)
        )
        for name, key, field in _FIGURES
    }
    designation = own.designation if own and own.item.id == summary["item"] else names[summary["item"]]
    described = own.description if own else words.words()["written"]["descriptions"].get(summary["category"] or "", "")
    terms = {said.terms for said in some if said.terms and not said.denied}
    status = own.status if own else "Second-hand" if "second-hand" in terms else "New"
    shown = {
        "supplier": summary["actor"],
        "designation": summary["item"],
        **{name: f.value for name, f in figures.items()},
    }
    remarks = [own.comments] if own and own.comments else [*_remarks(summary, terms)]
    listed = next((said for said in some if said.entry), None) if own else None
    return RegisterRow(
        line=0,
        supplier=own.supplier
        if own and listed and listed.actor == summary["actor"]
        else _party(summary["actor"], names, "supplier"),
        recipient=own.recipient if own else _party(summary["partner"], names, "recipient"),
        designation=designation,
        item=words.item(designation, described),
        number_ordered=figures["number ordered"],
        year_of_order=figures["year of order"],
        description=described,
        number_delivered=figures["number delivered"],
        deliveries=_deliveries(told.get("years of delivery", ()), own),
        status=status,
        comments="; ".join([*remarks, *_competing(told, shown)]),
        claims=tuple(sorted({said.claim for said in some})),
    )


def _party(identifier: str | None, names: Mapping[str, str], side: str) -> Party:
    if identifier is None:
        return Party(words.written(None, "", side), None)
    name = words.written(identifier, names[identifier], side)
    return Party(name, words.party(name))


def _figure(press: Sequence[Said], shown: float | None, own: Figure | None) -> Figure:
    """The value that the summary shows, or SIPRI's; an estimate where neither the press nor SIPRI asserts it outright."""
    if shown is None:
        return own or Figure()
    said = [one.estimate for one in press if one.value == shown]
    if own is not None and own.value == shown:
        said.append(own.estimate)
    return Figure(int(shown), all(said))


def _deliveries(told: Sequence[Said], own: RegisterRow | None) -> tuple[Period, ...]:
    """The years of SIPRI's row as they stand there, and those that others tell besides, in order."""
    listed = own.deliveries if own else ()
    covered = {year for period in listed for year in range(period.first.value or 0, (period.last.value or 0) + 1)}
    more = [Figure(int(said.value), said.estimate) for said in told if int(said.value) not in covered]
    return tuple(sorted([*listed, *(Period(year, year) for year in more)], key=lambda period: period.first.value or 0))


def _remarks(summary: Mapping[str, Any], terms: Iterable[str]) -> Iterator[str]:
    """What a row has no column for, in the words in which SIPRI says it."""
    written = words.words()["written"]
    if summary["amount"] is not None and summary["currency"] in words.words()["currencies"]["codes"]:
        yield f"{summary['currency']} {summary['amount'] / 1e6:.12g} m deal"
    yield from dict.fromkeys(written["terms"][term] for term in sorted(terms) if term in written["terms"])
    if summary["stage"] in written["stages"]:
        yield written["stages"][summary["stage"]]


def _competing(told: Mapping[str, Sequence[Said]], shown: Mapping[str, Any]) -> Iterator[str]:
    for name in _COMPETING:
        others = [said for said in told.get(name, ()) if said.value != shown[name]]
        if others:
            yield f"{name} also {', '.join(f'{said} ({_sources(said.sources)})' for said in others)}"


def _sources(number: int) -> str:
    return "1 source" if number == 1 else f"{number} sources"
