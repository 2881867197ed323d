"""A published table as records: decoded, its titles found, its lines parted, and what is broken named."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import NamedTuple

from rasad.exchange.sipri.words import words
from rasad.sources.decoding import NotTextError, encoding_of
from rasad.sources.places import display_name

DELIMITERS = (",", ";", "\t")
PREAMBLE = 60  #: lines that may stand before the titles
TALLEST = 4  #: lines that the titles may take
LONGEST = 20  #: lines that a record may take, where a cell has line breaks
REQUIRED = ("supplier", "recipient", "year_of_order", "number_ordered", "designation")
PARTY = {"party_of_supplier": ("supplier", "recipient"), "party_of_recipient": ("recipient", "supplier")}
_BREAK = re.compile(r"\r\n|\r|\n")
_OPEN_QUOTE = "unexpected end of data"  #: how the csv module says that a quotation mark is not closed


class RegisterFormatError(ValueError):
    """The file as a whole is no trade register; the message names the file, what was found and what is missing."""


class Record(NamedTuple):
    """One line of the table, or several where a cell has line breaks; ``line`` is the first, counted from one. Where the
    line cannot be parted into cells ``problem`` says why."""

    line: int
    cells: list[str]
    problem: str = ""


class Titles(NamedTuple):
    """Where each field stands, by column; and the column of marks of estimate that follows it, where there is one.

    ``heading`` and ``beneath`` are set where one party stands as a heading over its deals: the field that the heading
    gives, and the field whose column the heading stands in.
    """

    columns: dict[str, int]
    names: list[str]
    marks: dict[str, int]
    delimiter: str
    first: int  #: the first line after the titles, counted from nought
    heading: str = ""
    beneath: str = ""


class Table(NamedTuple):
    """The titles of a table and the lines of its file."""

    titles: Titles
    lines: list[str]

    def records(self) -> Iterator[Record]:
        """The records after the titles, blank lines left out. A quotation mark that is not closed spoils its own line, not
        those after it."""
        at = self.titles.first
        width = len(self.titles.names)
        while at < len(self.lines):
            record, taken = _record(self.lines, at, self.titles.delimiter, width)
            if record.problem or any(cell for cell in record.cells):
                yield record
            at += taken


def open_table(path: Path) -> Table:
    """The table in a file; raises RegisterFormatError where it is no text, is empty, or lacks columns, and OSError where it
    cannot be read."""
    file = display_name(path)
    text = _text(file, path.read_bytes())
    if not text.strip():
        raise RegisterFormatError(f"{file}: the file is empty")
    lines = _BREAK.split(text)
    return Table(_titles(file, lines), lines)


def _text(file: str, data: bytes) -> str:
    """The text of a file. SIPRI writes English in Latin letters, so that what is not Unicode is Windows-1252, whatever the
    words would say; of its five unused bytes the Latin-1 reading is kept."""
    try:
        encoding = encoding_of(BytesIO(data))
    except NotTextError as error:
        raise RegisterFormatError(f"{file}: {error}") from None
    if encoding.name.startswith("utf") and not encoding.broken:
        return data.decode(encoding.name).removeprefix("\ufeff")
    if encoding.name.startswith("utf"):
        text = data.decode(encoding.name, "replace")
        if encoding.name != "utf-8" or any(c > "\x7f" and c != "\ufffd" for c in text):
            return text
    try:
        return data.decode("windows-1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[Record, int]:
    problem = ""
    for taken in range(1, min(LONGEST, len(lines) - at) + 1):
        try:
            cells = next(csv.reader(["\n".join(lines[at : at + taken])], delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            problem = problem or str(error)
            if str(error) != _OPEN_QUOTE:
                break
            continue
        if taken == 1 or len(cells) == width:
            return Record(at + 1, [" ".join(cell.split()) for cell in cells]), taken
        break
    told = "a quotation mark is not closed" if problem == _OPEN_QUOTE else f"the quotation marks are broken: {problem}"
    return Record(at + 1, [lines[at]], told), 1


@cache
def _fields() -> dict[str, str]:
    """The field that each title stands for."""
    return {title: field for field, titles in words()["columns"].items() for title in titles}


def _plain(title: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", title.lower()))


def _titles(file: str, lines: list[str]) -> Titles:
    """The first line, or few lines, among the first of the file that name all the columns that are needed, each once."""
    best: list[str] = []
    for start, delimiter in product(range(min(PREAMBLE, len(lines))), DELIMITERS):
        for height in range(1, TALLEST + 1):
            names = _names(lines[start : start + height], delimiter)
            known = _known(names)
            if len(set(known)) > len(set(_known(best))):
                best = names
            titles = _arranged(names, delimiter, start + height, lines)
            if len(known) == len(set(known)) and not _missing(titles):
                return titles
    raise RegisterFormatError(f"{file}: {_lack(best)}")


def _lack(names: list[str]) -> str:
    """What keeps these titles from being those of a register."""
    known = _known(names)
    if len(known) < 2:
        return "no trade register: no line of titles such as Supplier, Recipient, Year of order, Weapon designation"
    twice = [name for name in names if known.count(_fields().get(_plain(name), "")) > 1]
    if twice:
        return f"columns that say the same: {', '.join(twice)}"
    lacking = [field for field in REQUIRED if field not in known]
    wanted = (f"{field.replace('_', ' ')} ({' or '.join(words()['columns'][field][:3])})" for field in lacking)
    return f"missing the columns {', '.join(wanted)}; found {', '.join(filter(None, names))}"


def _known(names: list[str]) -> list[str]:
    """The fields that the titles stand for."""
    return [_fields()[_plain(name)] for name in names if _plain(name) in _fields()]


def _missing(titles: Titles) -> list[str]:
    return [field for field in REQUIRED if field not in titles.columns and field != titles.heading]


def _names(lines: list[str], delimiter: str) -> list[str]:
    """The titles of the columns, where each stands over one or more lines."""
    rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
    width = max((len(row) for row in rows), default=0)
    stacked = [[row[i].strip() for row in rows if i < len(row)] for i in range(width)]
    return [" ".join(filter(None, cells)) for cells in stacked]


def _arranged(names: list[str], delimiter: str, first: int, lines: list[str]) -> Titles:
    columns: dict[str, int] = {}
    marks: dict[str, int] = {}
    last = ""
    for index, name in enumerate(names):
        field = _fields().get(_plain(name), "")
        if field:
            columns[field] = index
        elif last and not name:
            marks[last] = index
        last = field
    heading = beneath = ""
    for title, (over, under) in PARTY.items():
        if title in columns:
            heading, beneath = over, under
            columns[under] = columns.pop(title)
    absent = [field for field in ("supplier", "recipient") if field not in columns]
    if not heading and len(absent) == 1:
        following = next((line for line in lines[first:] if line.strip(f'{delimiter} "')), "")
        if sum(bool(cell.strip()) for cell in next(csv.reader([following], delimiter=delimiter), [])) == 1:
            heading = absent[0]
    return Titles(columns, names, marks, delimiter, first, heading, beneath)
