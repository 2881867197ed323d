"""The periods in which the deals of a country are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from rasad.register import FilterError

UNDATED = "no year"
FIVE = 5  #: years that SIPRI compares: "Trends in International Arms Transfers, 2024" sets 2020–24 beside 2015–19


class Periods(msgspec.Struct, frozen=True, kw_only=True):
    """Periods of so many years. They are counted from the ``first`` year on, where it is given; else back from the ``last``; else so
    that they end as SIPRI's of 2024 do (2015–2019, 2020–2024). Years before the first and after the last are in none."""

    years: int = FIVE
    first: int | None = None
    last: int | None = None

    def __post_init__(self) -> None:
        if self.years < 1:
            raise FilterError(f"years: a period has one year or more, not {self.years}")
        if self.first is not None and self.last is not None and self.first > self.last:
            raise FilterError(f"years: {self.first} comes after {self.last}")

    @property
    def bounded(self) -> bool:
        """Whether some years are in none."""
        return self.first is not None or self.last is not None

    def bounds(self, year: int) -> tuple[int, int] | None:
        """The first and the last year of the period that a year is in; None where it is in none."""
        if (self.first is not None and year < self.first) or (self.last is not None and year > self.last):
            return None
        start = self.first if self.first is not None else self.last + 1 if self.last is not None else 0
        begins = start + (year - start) // self.years * self.years
        ends = begins + self.years - 1
        return begins, ends if self.last is None else min(ends, self.last)

    def of(self, year: int | None) -> str | None:
        """The period that a year is in, as ``2015–2019``; None where it is in none. What has no year is ``no year``, where all
        years are asked for."""
        if year is None:
            return None if self.bounded else UNDATED
        bounds = self.bounds(year)
        if bounds is None:
            return None
        begins, ends = bounds
        return f"{begins}–{ends}" if ends > begins else str(begins)

    def between(self, first: int, last: int) -> Iterator[str]:
        """The periods that some of the years from a first to a last one are in, in order."""
        year = first if self.first is None else max(first, self.first)
        while year <= last and (bounds := self.bounds(year)):
            yield str(self.of(year))
            year = bounds[1] + 1

    def last_of(self, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
        """The last period that reaches into one of some spans of years: its first and last year."""
        first, last = self.first if self.first is not None else -9999, self.last if self.last is not None else 9999
        years = [min(ends, last) for begins, ends in spans if ends >= first and begins <= last]
        return self.bounds(max(years)) if years else None
