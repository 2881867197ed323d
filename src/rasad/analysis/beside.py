"""What stands beside the trade of a country: offers, what was refused or cancelled, services, joint projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from rasad.analysis.answers import Based
from rasad.analysis.trade import KINDS, Dealt, Kind
from rasad.register.rows import Named


class Beside(Based, frozen=True, kw_only=True):
    """Deals of a kind that is no supply, with whom and of which category, and from when to when something is told of them."""

    kind: Kind
    parties: tuple[Named, ...]
    category: str | None
    deal_count: int
    first_year: int | None
    last_year: int | None


def beside(deals: Mapping[Kind, Sequence[Dealt]], country: str, named: Callable[[str], Named]) -> Iterator[Beside]:
    """A row for each kind, set of parties and category."""
    for kind in KINDS[1:]:
        gathered: dict[tuple[str, str], list[Dealt]] = defaultdict(list)
        for one in deals[kind]:
            parties = {party for key in (one.actor, one.partner) if key for party in key.split("+")} - {country}
            gathered["+".join(sorted(parties)), one.category or ""].append(one)
        for (joined, category), some in sorted(gathered.items()):
            years = [year for one in some for year in (one.first_year, one.last_year) if year is not None]
            yield Beside(
                deals=tuple(one.deal for one in some), kind=kind, category=category or None, deal_count=len(some),
                parties=tuple(named(party) for party in joined.split("+") if party),
                first_year=min(years, default=None), last_year=max(years, default=None),
            )  # fmt: skip
