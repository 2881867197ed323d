"""Shares of a country's trade, and how concentrated it is.

A deal counts in the period of its order; where no source tells when that was, in that of its first delivery. (SIPRI compares the
volume of what is delivered in five years; the register has no such measure.) The supplier of a deal is the one that most
independent sources name.

Shares are of what is known: of deals those of a named supplier, of units those of them with a number, of value those with a value
of their own in the currency that most of them have. Beside each share stands how many deals it is known of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rasad.analysis.answers import Based
from rasad.analysis.periods import UNDATED
from rasad.analysis.trade import Dealt, Side
from rasad.register.rows import Named
from rasad.register.sureness import CLAIMED, NOT

Key = tuple[str | None, str | None, str | None]  #: period, category, and the other party


class Share(Based, frozen=True, kw_only=True):
    """What one supplies to another. ``period`` is None where it is all of them, ``category`` where it is any; the supplier (or,
    from the seller's side, the recipient) is None where no source names one, and then has no share.

    ``units`` are the numbers of ``numbers`` deals, added up within a category only; ``value`` is the sum of ``values`` deals in
    units of ``currency``, as told, not deflated. ``estimated`` of the deals nobody asserts outright with the number or value that
    they show; on ``disputed`` sources disagree. Shares run from 0 to 1.
    """

    period: str | None
    category: str | None
    supplier: Named | None
    recipient: Named | None
    deal_count: int
    deal_share: float | None
    units: float | None
    numbers: int
    unit_share: float | None
    value: float | None
    currency: str | None
    values: int
    value_share: float | None
    estimated: int
    disputed: int


class Concentration(Based, frozen=True, kw_only=True):
    """How concentrated a period is: the Herfindahl–Hirschman index (:func:`hhi`) of deals, units and value, from 0 to 10,000.
    ``parties`` are the suppliers (from the seller's side: the recipients) that ``named`` of the deals have; ``change`` is that of
    the index of deals since the period ``since``, the last one before with deals; ``new`` are those that had none then,
    ``vanished`` those that have none now."""

    period: str
    category: str | None
    deal_count: int
    named: int
    parties: int
    hhi: float | None
    since: str | None
    change: float | None
    unit_hhi: float | None
    value_hhi: float | None
    new: tuple[Named, ...]
    vanished: tuple[Named, ...]


def hhi(weights: Iterable[float]) -> float | None:
    """The Herfindahl–Hirschman index: the sum of the squared shares in per cent, from near 0 (many small ones) to 10,000 (a single
    one); None where there is nothing to share.

    The index is Hirschman's (*National Power and the Structure of Foreign Trade*, 1945) without his root, as Herfindahl used it
    (1950); see Hirschman, "The Paternity of an Index", American Economic Review 54 (1964). The scale is that of the U.S.
    Department of Justice (justice.gov/atr/herfindahl-hirschman-index), which calls a market between 1,000 and 1,800 moderately
    concentrated and one above 1,800 highly (Merger Guidelines, 2023, guideline 1).
    """
    known = [weight for weight in weights if weight > 0]
    total = sum(known)
    return sum((100 * weight / total) ** 2 for weight in known) if total else None


class Tally:
    """What deals come to, taken together."""

    __slots__ = ("deals", "disputed", "estimated", "numbers", "units", "value", "values")

    def __init__(self) -> None:
        self.deals: list[str] = []
        self.disputed = self.estimated = self.numbers = self.values = 0
        self.units = self.value = 0.0

    def __iadd__(self, other: Tally) -> Tally:
        self.deals += other.deals
        self.disputed += other.disputed
        self.estimated += other.estimated
        self.numbers += other.numbers
        self.values += other.values
        self.units += other.units
        self.value += other.value
        return self


class Shares:
    """The trade of a country by period, category and the other party."""

    def __init__(
        self, some: Sequence[Dealt], side: Side, category: str | None, when: Mapping[int | None, str | None]
    ) -> None:
        self.side = side
        self.category = category
        self.currency = _currency(some)
        self.finest: dict[Key, Tally] = defaultdict(Tally)
        for one in some:
            party = one.actor if side == "buyer" else one.partner
            self._count(one, self.finest[when[one.year], one.category, party])

    def _count(self, one: Dealt, tally: Tally) -> None:
        valued = one.valued != NOT and one.currency == self.currency
        tally.deals.append(one.deal)
        tally.estimated += one.sure == CLAIMED or (valued and one.valued == CLAIMED)
        tally.disputed += one.disputed is not None
        if one.quantity is not None:
            tally.numbers += 1
            tally.units += one.quantity
        if valued and one.amount is not None:
            tally.values += 1
            tally.value += one.amount

    @property
    def total(self) -> Tally:
        """All of it."""
        total = Tally()
        for tally in self.finest.values():
            total += tally
        return total

    @property
    def named(self) -> int:
        """How many of the deals name the other party."""
        return sum(len(tally.deals) for (_, _, party), tally in self.finest.items() if party)

    def coarser(self, period: bool, category: bool) -> dict[Key, Tally]:
        """Tallies that tell the periods apart, or not, and the categories."""
        if period and category:
            return self.finest
        found: dict[Key, Tally] = defaultdict(Tally)
        for (when, what, party), tally in self.finest.items():
            found[when if period else None, what if category else self.category, party] += tally
        return found

    def rows(self, named: Callable[[str], Named], country: Named, *, period: bool, category: bool) -> tuple[Share, ...]:
        """The shares of the other parties: by period, category, then the greatest first and what nobody is named for last."""
        tallies = self.coarser(period, category)
        totals: dict[tuple[str | None, str | None], Tally] = defaultdict(Tally)
        for (when, what, party), tally in tallies.items():
            if party:
                totals[when, what] += tally
        parties = {party: named(party) for _, _, party in tallies if party}

        def order(key: Key) -> tuple[str, str, bool, int, str]:
            when, what, party = key
            return (
                when or "",
                what or "~",
                party is None,
                -len(tallies[key].deals),
                parties[party].name if party else "",
            )

        return tuple(
            self._share(key, tallies[key], totals[key[:2]], country, parties[key[2]] if key[2] else None)
            for key in sorted(tallies, key=order)
        )

    def _share(self, key: Key, tally: Tally, total: Tally, country: Named, party: Named | None) -> Share:
        when, what, _ = key
        units, value = tally.numbers and what, tally.values
        return Share(
            deals=tuple(tally.deals), period=when, category=what, deal_count=len(tally.deals),
            supplier=party if self.side == "buyer" else country, recipient=country if self.side == "buyer" else party,
            deal_share=_part(len(tally.deals), len(total.deals)) if party else None,
            units=tally.units if units else None, numbers=tally.numbers,
            unit_share=_part(tally.units, total.units) if units and party else None,
            value=tally.value if value else None, currency=self.currency if value else None, values=tally.values,
            value_share=_part(tally.value, total.value) if value and party else None,
            estimated=tally.estimated, disputed=tally.disputed,
        )  # fmt: skip

    def concentrations(self, named: Callable[[str], Named], *, category: bool) -> tuple[Concentration, ...]:
        """How concentrated each period is; within each category, or in all of them."""
        parted: dict[str | None, dict[str, dict[str | None, Tally]]] = defaultdict(lambda: defaultdict(dict))
        for (when, what, party), tally in self.coarser(True, category).items():
            parted[what][str(when)][party] = tally
        return tuple(
            one
            for what in sorted(parted, key=lambda what: what or "~")
            for one in self._through_time(what, parted[what], named)
        )

    def _through_time(
        self, what: str | None, periods: dict[str, dict[str | None, Tally]], named: Callable[[str], Named]
    ) -> Iterator[Concentration]:
        before: Concentration | None = None
        had: set[str] = set()
        for when in sorted(periods):
            tallies = {party: tally for party, tally in periods[when].items() if party}
            compared = before is not None and when != UNDATED
            index = hhi(len(tally.deals) for tally in tallies.values())
            now = Concentration(
                deals=tuple(deal for tally in periods[when].values() for deal in tally.deals), period=when, category=what,
                deal_count=sum(len(tally.deals) for tally in periods[when].values()),
                named=sum(len(tally.deals) for tally in tallies.values()), parties=len(tallies), hhi=index,
                since=before.period if before and compared else None,
                change=None if not before or not compared or index is None or before.hhi is None else index - before.hhi,
                unit_hhi=hhi(tally.units for tally in tallies.values()) if what else None,
                value_hhi=hhi(tally.value for tally in tallies.values()),
                new=_named(tallies.keys() - had, named) if compared else (),
                vanished=_named(had - tallies.keys(), named) if compared else (),
            )  # fmt: skip
            yield now
            before, had = now, set(tallies)


def _part(some: float, total: float) -> float | None:
    return some / total if total else None


def _named(parties: Iterable[str], named: Callable[[str], Named]) -> tuple[Named, ...]:
    return tuple(sorted(map(named, parties), key=lambda one: one.name))


def _currency(some: Iterable[Dealt]) -> str | None:
    """The currency in which most deals have a value; of several the alphabetical first."""
    counted = Counter(one.currency for one in some if one.valued != NOT)
    return min(counted, key=lambda code: (-counted[code], code), default=None)
