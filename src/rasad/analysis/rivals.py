"""Who rivals whom in the market of a country: as somebody says, and as deliveries show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, select

from rasad.analysis.answers import Based
from rasad.analysis.periods import Periods
from rasad.analysis.trade import Dealt, Delivered
from rasad.analysis.voices import speakers_of
from rasad.register.database import plain, slices
from rasad.register.deals import CERTAINTIES
from rasad.register.rows import Named
from rasad.register.schema import atoms, deals
from rasad.register.subjects import of_frame


class Stated(Based, frozen=True, kw_only=True):
    """Somebody says that two compete in a market. ``speakers`` are those who say it, none where it is the text itself;
    ``denied``: somebody says that they do not."""

    competitor: Named | None
    rival: Named | None
    market: Named | None
    item: Named | None
    category: str | None
    basis: tuple[str, ...]
    certainty: str
    speakers: tuple[Named, ...]
    sources: int
    denied: bool


class Observed(Based, frozen=True, kw_only=True):
    """Suppliers that delivered arms of one category to one recipient in the same period."""

    period: str
    category: str
    recipient: Named
    suppliers: tuple[Named, ...]
    deal_count: int


def competitions(connection: Connection, which: ColumnElement[bool], category: str | None) -> list[Row[Any]]:
    """The relations of competition, rows of the table ``deals``, that pass: of a category, if one is given."""
    rows = connection.execute(
        select(deals).where(of_frame("competition"), which).order_by(deals.c.sources.desc(), deals.c.deal)
    )
    return [row for row in rows if category in (None, row.category)]


def stated(connection: Connection, relations: Sequence[Row[Any]], named: Callable[[str], Named]) -> tuple[Stated, ...]:
    """What is said of them, by whom, how surely; what is only denied is left out."""
    told: dict[str, list[_Saying]] = defaultdict(list)
    columns = (atoms.c.deal, *(atoms.c[name] for name in _Saying._fields))
    for some in slices(sorted(relation.deal for relation in relations)):
        behind = select(*columns).where(atoms.c.deal.in_(some)).distinct()
        for deal, *said in plain(connection, behind.order_by(atoms.c.claim)):
            told[deal].append(_Saying(*said))
    spoken = speakers_of(connection, {row.claim for rows in told.values() for row in rows})
    return tuple(
        _stated(relation, claimed, len(claimed) < len(told[relation.deal]), named, spoken)
        for relation in relations
        if (claimed := [row for row in told[relation.deal] if row.polarity == "positive"])
    )


class _Saying(NamedTuple):
    """What a claim says of a relation."""

    claim: str
    polarity: str
    certainty: str
    label: str | None


def _stated(
    relation: Row[Any], claimed: Sequence[_Saying], denied: bool, named: Callable[[str], Named],
    spoken: Mapping[str, tuple[Named, ...]],
) -> Stated:  # fmt: skip
    speakers = {speaker.id: speaker for row in claimed for speaker in spoken[row.claim][:1]}
    return Stated(
        deals=(relation.deal,), category=relation.category, sources=relation.sources, denied=denied,
        **{
            role: named(key) if key else None
            for role, key in (
                ("competitor", relation.actor), ("rival", relation.partner), ("market", relation.third), ("item", relation.item)
            )
        },
        basis=tuple(sorted({row.label for row in claimed if row.label})),
        certainty=min((row.certainty for row in claimed), key=CERTAINTIES.index), speakers=tuple(speakers.values()),
    )  # fmt: skip


def observed(
    some: Iterable[Dealt | Delivered], periods: Periods, named: Callable[[str], Named], among: str | None = None
) -> tuple[Observed, ...]:
    """The periods, categories and recipients that two or more suppliers, of whom ``among`` is one, delivered to. Deliveries are
    taken to have gone on from the first to the last year that is told of them."""
    found: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    spans: dict[tuple[int, int], tuple[str, ...]] = {}
    for one in some:
        first, last = one.first_delivery, one.last_delivery
        if first is None or last is None or not (one.category and one.actor and one.partner):
            continue
        if (span := (first, last)) not in spans:
            spans[span] = tuple(periods.between(first, last))
        for period in spans[span]:
            found[period, one.category, one.partner][one.actor].append(one.deal)
    return tuple(
        Observed(
            deals=tuple(deal for some in suppliers.values() for deal in some), period=period, category=category,
            recipient=named(recipient), suppliers=tuple(sorted(map(named, suppliers), key=lambda one: one.name)),
            deal_count=sum(map(len, suppliers.values())),
        )
        for (period, category, recipient), suppliers in sorted(found.items())
        if len(suppliers) > 1 and (among is None or among in suppliers)
    )  # fmt: skip
