"""Who arms a country and who is trying to; and the same from the seller's side: shares, concentration, rivals.

Counted are transfers that were ordered or delivered (``shares.py`` says how). Offers, what was refused or cancelled, services and
joint projects stand beside them. What is only denied counts nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, or_

from rasad.analysis.answers import Answer, Based, category, country, nothing, uncollected
from rasad.analysis.beside import Beside, beside
from rasad.analysis.periods import FIVE, UNDATED, Periods
from rasad.analysis.rivals import Observed, Stated, competitions, observed, stated
from rasad.analysis.shares import Concentration, Share, Shares
from rasad.analysis.trade import Dealt, Delivered, Kind, Side, delivered, trade
from rasad.pictures import Picture, PictureError
from rasad.pictures.markets import Bar, Level, concentration_over_time, shares_over_time
from rasad.register import Register
from rasad.register.database import reading
from rasad.register.deals import names
from rasad.register.rows import Named
from rasad.register.schema import deals

LARGEST = 10  #: recipients of a supplier among whose other suppliers its rivals are looked for
PICTURES = ("shares", "concentration")

Rows = Sequence[Row[Any]]


class Tables(NamedTuple):
    """The tables of an answer, the first of them that of its suppliers or recipients over all years."""

    parties: tuple[Share, ...]
    by_period: tuple[Share, ...]
    by_category: tuple[Share, ...]
    concentration: tuple[Concentration, ...]
    concentration_by_category: tuple[Concentration, ...]
    stated_rivals: tuple[Stated, ...]
    observed_rivals: tuple[Observed, ...]
    beside: tuple[Beside, ...]


class Market(Answer):
    """Who arms a country. Tables: ``suppliers``, ``by_period`` and ``by_category`` (rows :class:`Share`), ``concentration`` and
    ``concentration_by_category`` (:class:`Concentration`), ``stated_rivals`` (:class:`Stated`), ``observed_rivals``
    (:class:`Observed`), ``beside`` (:class:`Beside`). Pictures: ``shares`` and ``concentration``."""

    KIND: ClassVar[str] = "market"
    SIDE: ClassVar[Side] = "buyer"
    PARTIES: ClassVar[str] = "suppliers"
    TITLE: ClassVar[str] = "Who arms {}"
    HIDDEN = frozenset({"deals", "recipient", "market"})
    DETAILED = frozenset({"by_category", "concentration_by_category"})
    ROWS: ClassVar[Mapping[str, type[Based]]] = {
        "suppliers": Share, "recipients": Share, "by_period": Share, "by_category": Share, "concentration": Concentration,
        "concentration_by_category": Concentration, "stated_rivals": Stated, "observed_rivals": Observed, "beside": Beside,
    }  # fmt: skip

    def __init__(self, register: Register, title: str, found: Tables, periods: Periods, notes: Iterable[str]) -> None:
        super().__init__(register, title, notes=notes)
        self._found = found
        self._years = periods

    @property
    def tables(self) -> dict[str, tuple[Based, ...]]:
        """Its rows, table by table."""
        return {self.PARTIES if name == "parties" else name: rows for name, rows in self._found._asdict().items()}

    @property
    def pictures(self) -> tuple[str, ...]:
        """``shares`` and ``concentration``, as far as deals tell of them."""
        return tuple(
            kind for kind, some in zip(PICTURES, (self._found.by_category, self._levels()), strict=True) if some
        )

    def picture(self, kind: str | None = None) -> Picture:
        """The ``shares`` in each category over time, or the ``concentration`` over time. Raises PictureError."""
        if kind not in (None, *PICTURES):
            raise PictureError(f"{self.KIND}: there is no picture {kind!r}; there are {', '.join(PICTURES)}")
        if kind == "concentration":
            levels, behind = self._levels(), self.claims_behind(self._found.concentration)
            title = f"{self.title}: how concentrated"
            return concentration_over_time(title, self.PARTIES, levels, self._through(levels), behind)
        shown = self._found.by_category
        bars = [Bar(str(one.period), one.category, _party(self.SIDE, one), one.deal_count) for one in shown]
        return shares_over_time(self.title, self.PARTIES, bars, self._through(bars), self.claims_behind(shown))

    def _levels(self) -> list[Level]:
        found = (one for one in self._found.concentration if one.period != UNDATED)
        return [Level(one.period, one.hhi, one.parties, one.named) for one in found if one.hhi is not None]

    def _through(self, seen: Iterable[Bar | Level]) -> list[str]:
        """Every period from the first to the last that is seen, also those without deals."""
        labels = {one.period for one in seen}
        dated = sorted(labels - {UNDATED})
        between = self._years.between(int(dated[0][:4]), int(dated[-1][-4:])) if dated else ()
        return [*between, *(labels & {UNDATED})]


class Supplier(Market):
    """Whom a country arms: the tables of :class:`Market` from the seller's side, the first of them ``recipients``."""

    KIND: ClassVar[str] = "supplier"
    SIDE: ClassVar[Side] = "seller"
    PARTIES: ClassVar[str] = "recipients"
    TITLE: ClassVar[str] = "Whom {} arms"
    HIDDEN = frozenset({"deals", "supplier"})


@uncollected()
def market(
    register: Register, buyer: str, *, category: str | None = None, year_from: int | None = None, year_to: int | None = None,
    years: int = FIVE,
) -> Market:  # fmt: skip
    """Who arms a country: its suppliers by periods of so many years and by category, how concentrated they are, who rivals whom.

    Where the register has nothing of what is asked, the tables are empty and the note says what there is. Raises FilterError for a
    country or category that is none, and for years in the wrong order.
    """
    return _made(Market, register, buyer, category, Periods(years=years, first=year_from, last=year_to))


@uncollected()
def supplier(
    register: Register, seller: str, *, category: str | None = None, year_from: int | None = None, year_to: int | None = None,
    years: int = FIVE,
) -> Supplier:  # fmt: skip
    """Whom a country arms: what :func:`market` tells, from the seller's side. Observed rivals are those of the last period in
    which it delivered, among its ten recipients with most deals then. Raises FilterError as :func:`market` does."""
    return _made(Supplier, register, seller, category, Periods(years=years, first=year_from, last=year_to))


M = TypeVar("M", bound=Market)


def _made(answer: type[M], register: Register, who: str, asked: str | None, periods: Periods) -> M:
    state, only = country(register, who), category(asked)
    with reading(register.engine) as connection:
        found = trade(connection, state.id, answer.SIDE)
        when = {year: periods.of(year) for year in {one.year for some in found.values() for one in some}}
        kept = {
            kind: [one for one in some if when[one.year] and only in (None, one.category)]
            for kind, some in found.items()
        }
        said = competitions(connection, _competing(answer, state), only)
        missing = _missing(register, state, found) if not any(kept.values()) and (periods.bounded or not said) else None
        said = [] if missing else said
        seen: Sequence[Dealt | Delivered] = [one for one in found["trade"] if only in (None, one.category)]
        then = periods
        if answer.SIDE == "seller":
            seen, then = _its_markets(connection, seen, only, periods)
        named = _names(connection, state, [*chain(*kept.values()), *seen], said)
        rivals = stated(connection, said, named)
    shares = Shares(kept["trade"], answer.SIDE, only, when)
    tables = Tables(
        parties=shares.rows(named, state, period=False, category=False),
        by_period=shares.rows(named, state, period=True, category=False),
        by_category=shares.rows(named, state, period=True, category=True),
        concentration=shares.concentrations(named, category=False),
        concentration_by_category=shares.concentrations(named, category=True),
        stated_rivals=rivals,
        observed_rivals=observed(seen, then, named, state.id if answer.SIDE == "seller" else None),
        beside=tuple(beside(kept, state.id, named)),
    )
    title = f"{answer.TITLE.format(state.name)}{f', {only}' if only else ''}{_years(kept['trade'])}"
    return answer(register, title, tables, periods, (missing,) if missing else _notes(answer, kept["trade"], shares))


def _party(side: Side, share: Share) -> str | None:
    party = share.supplier if side == "buyer" else share.recipient
    return None if party is None else party.name


def _competing(answer: type[Market], state: Named) -> ColumnElement[bool]:
    if answer.SIDE == "buyer":
        return deals.c.third == state.id
    return or_(deals.c.actor == state.id, deals.c.partner == state.id)


def _missing(register: Register, state: Named, found: Mapping[Kind, Sequence[Dealt]]) -> str:
    every = [one for some in found.values() for one in some]
    if not every:
        return nothing(register, f"transfer, service or joint project of {state.name}")
    return f"{state.name} has nothing in these years or this category; the register has {_count(len(every), 'deal')}{_years(every)}"


def _its_markets(
    connection: Connection, own: Sequence[Dealt | Delivered], only: str | None, periods: Periods
) -> tuple[list[Delivered], Periods]:
    """What all suppliers delivered to the largest recipients of one of them in the last period in which that one delivered."""
    arrived = [
        (one.partner, (one.first_delivery, one.last_delivery))
        for one in own
        if one.partner and one.first_delivery is not None and one.last_delivery is not None
    ]
    bounds = periods.last_of(span for _, span in arrived)
    if bounds is None:
        return [], periods
    begins, ends = bounds
    now = Counter(recipient for recipient, (first, last) in arrived if first <= ends and last >= begins)
    largest = sorted(now, key=lambda recipient: (-now[recipient], recipient))[:LARGEST]
    which = and_(deals.c.partner.in_(largest), deals.c.category == only if only else deals.c.category.is_not(None))
    return delivered(connection, which, begins, ends), Periods(years=periods.years, first=begins, last=ends)


def _names(
    connection: Connection, state: Named, some: Sequence[Dealt | Delivered], said: Rows
) -> Callable[[str], Named]:
    keys = {one.actor for one in some} | {one.partner for one in some}
    keys |= {key for row in said for key in (row.actor, row.partner, row.third, row.item)}
    known = names(connection, {part for key in keys if key for part in key.split("+")}) | {state.id: state.name}
    return {key: Named(key, name) for key, name in known.items()}.__getitem__


def _years(some: Sequence[Dealt]) -> str:
    known = [one.year for one in some if one.year is not None]
    return f", {min(known)}–{max(known)}" if known else ""


def _notes(answer: type[Market], traded: Sequence[Dealt], shares: Shares) -> Iterator[str]:
    total, party = shares.total, answer.PARTIES.removesuffix("s")
    if not total.deals:
        yield "No transfer that was ordered or delivered is known."
        return
    yield (
        f"Of {_count(len(total.deals), 'deal')} {shares.named:,} name the {party}, {total.numbers:,} have a number, {total.values:,} "
        f"a value of their own{f' in {shares.currency}' if shares.currency else ''}. {total.estimated:,} rest on estimates; on "
        f"{total.disputed:,} the sources disagree. Shares are of what is known; units are added up within a category only."
    )
    undated = sum(one.year is None for one in traded)
    without = f"; {_count(undated, 'deal')} of no known year count under “{UNDATED}”" if undated else ""
    yield f"A deal counts when it was ordered, or, where that is not told, when deliveries began{without}."
    left = sum(one.amount is not None for one in traded) - total.values
    if left:
        yield f"{_count(left, 'value')} in other currencies, or told of several deals together, are left out."
    yield "hhi: the Herfindahl–Hirschman index of deals, from 0 to 10,000 (one alone has all); above 1,800 is highly concentrated."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
