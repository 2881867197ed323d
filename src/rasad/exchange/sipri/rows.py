"""A deal as a trade register lists it, and the figures and years that its cells hold."""

from __future__ import annotations

import re

import msgspec

from rasad.claims import Entity, Money
from rasad.exchange.sipri import words

FIRST_YEAR, LAST_YEAR = 1900, 2100
_NONE = re.compile(r"\(?\s*(?:|[-–—?]|\.\s?\.(?:\s?\.)?|n/?a|unknown)\s*\)?", re.IGNORECASE)
_NUMBER = re.compile(r"(\()?\s*(\d{1,3}(?:[, ]\d{3})+|\d+)\s*(\))?(\?)?")
_YEARS = re.compile(r"(\()?(\d{4})(\))?(?:\s*[-–—]\s*(\()?(\d{4}|\d{2})(\))?)?(\?)?")
_LIST = re.compile(r"\s*[;,/&]\s*|\s+and\s+")


class Figure(msgspec.Struct, frozen=True):
    """A number or a year, None where the register has none; in brackets, as ``(12)``, where it is an estimate."""

    value: int | None = None
    estimate: bool = False

    def __str__(self) -> str:
        if self.value is None:
            return ""
        return f"({self.value})" if self.estimate else str(self.value)


class Period(msgspec.Struct, frozen=True):
    """The first and the last year of deliveries, the same where all came in one."""

    first: Figure
    last: Figure

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


class Party(msgspec.Struct, frozen=True):
    """A supplier or recipient: its name as the register writes it, and who that is, or None where nobody knows."""

    name: str
    entity: Entity | None


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One deal of the register. ``designation``, ``description`` and ``comments`` are as the register writes them, runs of
    white space made one space; ``item`` is the system that the designation names. Values of the trend indicator (TIV) are in
    millions. ``claims`` are the ids of the claims that the row was made of, where Rasad wrote it."""

    line: int
    supplier: Party
    recipient: Party
    designation: str
    item: Entity
    number_ordered: Figure = Figure()
    year_of_order: Figure = Figure()
    description: str = ""
    number_delivered: Figure = Figure()
    deliveries: tuple[Period, ...] = ()
    status: str = "New"
    comments: str = ""
    tiv_per_unit: float | None = None
    tiv_ordered: float | None = None
    tiv_delivered: float | None = None
    claims: tuple[str, ...] = ()

    @property
    def category(self) -> str | None:
        """The category that SIPRI counts the weapon in, or None where its description tells none."""
        return words.category(self.description)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that status and comments tell: gift, loan, lease, licence, offset, second-hand."""
        return words.terms(self.status, self.comments)

    @property
    def value(self) -> Money | None:
        """The value of this deal alone, where the comments give exactly one."""
        return words.value(self.comments)

    @property
    def years(self) -> list[Figure]:
        """The years of delivery that the register names, in order: of a range its first and its last."""
        named = {figure for period in self.deliveries for figure in (period.first, period.last)}
        return sorted(named, key=lambda figure: (figure.value or 0, figure.estimate))

    @property
    def doubtful(self) -> bool:
        """Whether the comments call supplier, recipient, designation or deal uncertain."""
        return words.doubtful(self.comments)


class BadRow(msgspec.Struct, frozen=True):
    """A line that is no deal: where it stands, the cell that was wrong, and what is wrong with it."""

    file: str
    line: int
    column: str
    cell: str
    problem: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.column}: {self.cell!r}: {self.problem}" if self.column else f"{where}: {self.problem}"


class CellError(ValueError):
    """A cell does not hold what its column is for."""


def number(cell: str, marked: bool = False) -> Figure:
    """The number in a cell such as ``12`` or ``(12)``; ``marked`` tells that a mark beside it makes it an estimate."""
    if _NONE.fullmatch(cell):
        return Figure()
    match = _NUMBER.fullmatch(cell)
    if not match or bool(match[1]) != bool(match[3]):
        raise CellError("no number: a whole number is needed, in brackets where it is an estimate")
    return Figure(int(re.sub("[, ]", "", match[2])), bool(match[1] or match[4]) or marked)


def year(cell: str, marked: bool = False) -> Figure:
    """The year in a cell such as ``2015`` or ``(2015)``."""
    found = periods(cell, marked)
    if len(found) > 1 or any(period.first != period.last for period in found):
        raise CellError("more than one year")
    return found[0].first if found else Figure()


def periods(cell: str, marked: bool = False) -> tuple[Period, ...]:
    """The years of delivery: ``2015``, ``(2015)-2017``, ``2015; 2017``, ``(2015-2017)``; brackets are estimates."""
    if _NONE.fullmatch(cell):
        return ()
    listed = re.fullmatch(r"\(([^()]*)\)", cell)
    return tuple(_period(part, marked or bool(listed)) for part in _LIST.split(listed[1] if listed else cell))


def _period(text: str, marked: bool) -> Period:
    match = _YEARS.fullmatch(text.strip())
    if not match:
        raise CellError("no year: years such as 2015, (2015) or 2015-2017 are needed")
    before, first, after, before_last, last, after_last, asked = match.groups()
    whole = bool(last and before and after_last and not after and not before_last)  # (2015-2017)
    if not whole and (bool(before) != bool(after) or bool(before_last) != bool(after_last)):
        raise CellError("a bracket is not closed")
    last = first if last is None else first[: 4 - len(last)] + last
    start, end = int(first), int(last)
    if not FIRST_YEAR <= start <= LAST_YEAR or not FIRST_YEAR <= end <= LAST_YEAR:
        raise CellError(f"no year between {FIRST_YEAR} and {LAST_YEAR}")
    if end < start:
        raise CellError("the years run backwards")
    everything = marked or whole or bool(asked)
    opening = Figure(start, everything or bool(before))
    closing = Figure(end, everything or bool(before_last)) if match[5] else opening
    return Period(opening, closing)


def tiv(cell: str) -> float | None:
    """A value of the trend indicator."""
    if _NONE.fullmatch(cell):
        return None
    if not re.fullmatch(r"\d+(?:[.,]\d+)?(?:e[+-]?\d{1,3})?", cell):
        raise CellError("no number")
    return float(cell.replace(",", "."))
