"""Trade registers in SIPRI's shape, read row by row and written."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from rasad.exchange.sipri import words
from rasad.exchange.sipri.rows import BadRow, CellError, Party, RegisterRow, number, periods, tiv, year
from rasad.exchange.sipri.table import Record, Titles, open_table
from rasad.sources.places import display_name

T = TypeVar("T")
LICENCE = (
    "Licensed production"  #: the remark that stands for the L: of a block table, which other tables have no place for
)
_CLAIMS = re.compile(r"\s*\[claims ((?:c-[0-9a-f]{16})(?:, c-[0-9a-f]{16})*)\]$")
_SIDE = re.compile(r"([RSL]):\s*(.*)", re.IGNORECASE)


class _Block(NamedTuple):
    """The headings that a deal stands under, in a table that has them."""

    heading: str = ""
    party: str = ""
    licence: bool = False


def read_register(path: str | Path) -> Iterator[RegisterRow | BadRow]:
    """The deals of a trade register and, in their places, the lines that are none: one bad line never stops the rest.

    Takes the CSV of SIPRI's website with what stands before its titles, its older tables in which the deals stand beneath
    the name of a supplier or recipient, and copies with other titles or another order of columns (``words.toml``), parted
    by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. A number or year is an estimate where it stands in
    brackets or has a mark in the untitled column beside it. Every row is a deal of its own, also where two rows are alike
    in all their cells: SIPRI lists the first and the second of two equal orders so, and gives deliveries over several years
    as one row with a range or a list of years.

    Raises RegisterFormatError where the whole file is no register (empty, binary, columns missing or twice there), and
    OSError where it cannot be read.
    """
    table = open_table(Path(path))
    titles = table.titles
    file = display_name(path)
    block = _Block()
    for record in table.records():
        problem = record.problem or _misshapen(record, titles)
        if problem:
            yield BadRow(file, record.line, "", titles.delimiter.join(record.cells), problem)
            continue
        cells = record.cells + [""] * (len(titles.names) - len(record.cells))
        if titles.heading:
            block, is_deal = _under(block, cells, titles)
            if not is_deal:
                continue
        yield _row(file, record.line, cells, titles, block)


def _misshapen(record: Record, titles: Titles) -> str:
    """Why a record cannot be a row of this table, or nothing. A block table drops the empty cells at the end of a line."""
    have, need = len(record.cells), len(titles.names)
    if not any(record.cells[need:]) and (have >= need or titles.heading):
        same = [name.lower() for name in titles.names] == [cell.lower() for cell in record.cells[:need]]
        return "the titles stand here again" if same else ""
    return f"{have} {'cell' if have == 1 else 'cells'} where the titles are {need}"


def _under(block: _Block, cells: list[str], titles: Titles) -> tuple[_Block, bool]:
    """The headings after this line, and whether the line is a deal and no heading."""
    filled = [cell for cell in cells if cell]
    own = cells[titles.columns[titles.beneath]] if titles.beneath else ""
    side = _SIDE.fullmatch(own)
    if len(filled) == 1 and not side:
        return _Block(heading=filled[0]), False
    if side:
        block = block._replace(party=side[2], licence=side[1].upper() == "L")
    elif own:
        block = block._replace(party=own)
    return block, len(filled) > 1


class _Cells(NamedTuple):
    """The cells of a line by the names of their fields. ``taken`` reads one, and says which it was where it cannot."""

    file: str
    line: int
    cells: list[str]
    titles: Titles

    def text(self, field: str) -> str:
        at = self.titles.columns.get(field)
        return "" if at is None else self.cells[at]

    def marked(self, field: str) -> bool:
        at = self.titles.marks.get(field)
        return at is not None and bool(self.cells[at])

    def bad(self, field: str, cell: str, problem: str) -> BadRow:
        at = self.titles.columns.get(field)
        name = field.replace("_", " ") if at is None else self.titles.names[at]
        return BadRow(self.file, self.line, name, cell, problem)

    def taken(self, field: str, reading: Callable[[str, bool], T]) -> T:
        cell = self.text(field)
        try:
            return reading(cell, self.marked(field))
        except CellError as error:
            raise _BadCellError(self.bad(field, cell, str(error))) from None


class _BadCellError(Exception):
    """Carries the bad row out of the middle of its reading."""

    def __init__(self, row: BadRow) -> None:
        super().__init__(str(row))
        self.row = row


def _row(file: str, line: int, cells: list[str], titles: Titles, block: _Block) -> RegisterRow | BadRow:
    try:
        return _deal(_Cells(file, line, cells, titles), block)
    except _BadCellError as error:
        return error.row


def _deal(cells: _Cells, block: _Block) -> RegisterRow:
    names = {field: cells.text(field) for field in ("supplier", "recipient")}
    if cells.titles.heading:
        names[cells.titles.heading] = block.heading
        if cells.titles.beneath:
            names[cells.titles.beneath] = block.party
    supplier, recipient = _party(cells, "supplier", names), _party(cells, "recipient", names)
    designation, description = cells.text("designation"), cells.text("description")
    if not designation:
        raise _BadCellError(cells.bad("designation", "", "no designation"))
    if supplier.entity is None and recipient.entity is None:
        problem = "neither supplier nor recipient is known: there is no deal between anybody to claim"
        raise _BadCellError(cells.bad("supplier", supplier.name, problem))
    comments, claims = _without_claims(cells.text("comments"))
    if block.licence:
        comments = f"{LICENCE}; {comments}" if comments else LICENCE
    return RegisterRow(
        line=cells.line,
        supplier=supplier,
        recipient=recipient,
        designation=designation,
        item=words.item(designation, description),
        number_ordered=cells.taken("number_ordered", number),
        year_of_order=cells.taken("year_of_order", year),
        description=description,
        number_delivered=cells.taken("number_delivered", number),
        deliveries=cells.taken("deliveries", periods),
        status=words.status(cells.text("status"), comments),
        comments=comments,
        tiv_per_unit=cells.taken("tiv_per_unit", lambda cell, _: tiv(cell)),
        tiv_ordered=cells.taken("tiv_ordered", lambda cell, _: tiv(cell)),
        tiv_delivered=cells.taken("tiv_delivered", lambda cell, _: tiv(cell)),
        claims=claims,
    )


def _party(cells: _Cells, field: str, names: dict[str, str]) -> Party:
    name = names[field]
    if not name:
        raise _BadCellError(cells.bad(field, "", f"no {field}"))
    try:
        return Party(name, words.party(name))
    except words.UnknownNameError as error:
        raise _BadCellError(cells.bad(field, name, str(error))) from None


def _without_claims(comments: str) -> tuple[str, tuple[str, ...]]:
    match = _CLAIMS.search(comments)
    return (comments[: match.start()], tuple(match[1].split(", "))) if match else (comments, ())


TITLES = (
    "Recipient", "Supplier", "Year of order", "Number ordered", "Weapon designation", "Weapon description",
    "Number delivered", "Year(s) of delivery", "Status", "Comments", "SIPRI TIV per unit", "SIPRI TIV for total order",
    "SIPRI TIV of delivered weapons",
)  # fmt: skip
"""The titles of the CSV of SIPRI's website, in its order. Its untitled columns of marks are left out: brackets mark the
estimates, as in SIPRI's printed registers."""


def cells_of(row: RegisterRow) -> list[str]:
    """The cells of a row under :data:`TITLES`, without the trend indicator values and the ids of claims."""
    return [
        row.recipient.name, row.supplier.name, str(row.year_of_order), str(row.number_ordered), row.designation,
        row.description, str(row.number_delivered), "; ".join(map(str, row.deliveries)), row.status, row.comments,
    ]  # fmt: skip


FIELDS = (
    "recipient", "supplier", "year_of_order", "number_ordered", "designation", "description", "number_delivered", "deliveries",
    "status", "comments",
)  # fmt: skip
_FIXED = Titles({field: at for at, field in enumerate(FIELDS)}, list(TITLES[: len(FIELDS)]), {}, "\t", 1)


def row_of_line(line: str) -> RegisterRow:
    """The row whose :func:`cells_of` stand in a line with tabs between them. Raises ValueError where they are those of none."""
    row = _row("line", 0, line.split("\t"), _FIXED, _Block())
    if isinstance(row, BadRow):
        raise ValueError(str(row))
    return row


def write_register(rows: Iterable[RegisterRow], stream: IO[bytes]) -> None:
    """Writes rows as a CSV in UTF-8 with the columns of SIPRI's website. The ids of a row's claims stand at the end of its
    comments, as ``[claims c-…, c-…]``. :func:`read_register` gives the same rows again."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TITLES)
    for row in rows:
        cells = cells_of(row)
        if row.claims:
            cells[-1] = f"{cells[-1]} [claims {', '.join(row.claims)}]".lstrip()
        values = (row.tiv_per_unit, row.tiv_ordered, row.tiv_delivered)
        writer.writerow([*cells, *("" if v is None else repr(v).removesuffix(".0") for v in values)])
    text.detach()
