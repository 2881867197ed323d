"""One deal or relation, opened: every field a set of competing values, each with the claims behind it, its independent sources and
its dates; the stages as a history; and where the sources disagree, on what.

The value that stands for a field is the one that the summary shows (``linking.py`` states the rules); the others stay beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from rasad.claims import Claim, decoded
from rasad.register.database import slices
from rasad.register.log import log
from rasad.register.schema import atoms, claims, deals, entities, publications

Scalar = str | float | int
SHOWN = 200  #: claims that are given whole with a deal; all are counted
DELIVERED = frozenset({"delivering", "delivered", "completed"})
ORDERED = frozenset({"ordered", "agreed"})
CERTAINTIES = ("asserted", "probable", "possible", "")
STAGES = (
    "proposed", "negotiated", "approved", "refused", "ordered", "agreed", "in_force", "under_way", "delivering", "suspended",
    "delivered", "completed", "cancelled", "lifted",
)  # fmt: skip


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind a value: its claims, how many reports and independent sources they are, and from when to when they
    were published, where that is known."""

    claims: tuple[str, ...]
    reports: int
    sources: int
    first: str | None = None
    last: str | None = None


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One of the values that are claimed for a field. ``estimate``: nobody asserts it outright (SIPRI's brackets)."""

    value: Scalar
    name: str
    estimate: bool
    support: Support
    unit: str | None = None


class Field(msgspec.Struct, frozen=True):
    """A column of the register: the competing values, the one that stands for it first."""

    name: str
    values: tuple[Value, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A stage of the deal as it is claimed: *two not delivered, 2024* is stage delivered, polarity negative, quantity 2."""

    stage: str
    polarity: str
    certainty: str
    year: int | None
    quantity: float | None
    support: Support


class Disagreement(msgspec.Struct, frozen=True):
    """On what the sources disagree (number, date, supplier, stage, denied), and the values that stand against each other."""

    kind: str
    values: tuple[Value, ...]


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """One appearance of a document. ``copy``: the SHA-256 of what was printed, where that has small changes against the text of the
    document, which contains it."""

    document: str
    name: str
    outlet: str | None
    address: str | None
    published: str | None
    title: str | None = None
    author: str | None = None
    copy: str | None = None

    @property
    def called(self) -> str:
        """What a reader sees as the name of the text: its title, else the name of its file."""
        return self.title or self.name.rpartition("/")[2] or self.name

    @property
    def printed_by(self) -> str:
        """Who printed it: the outlet, else what can be told in its place, the title or the name."""
        return self.outlet or self.title or self.name


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A claim behind a deal: where it stands, the independent source it comes from, and what reviewers decided."""

    claim: Claim
    document: str
    source: str
    publications: tuple[Publication, ...]
    review: str | None = None


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """A deal or relation with everything behind it. ``summary`` is its row in the register."""

    id: str
    summary: dict[str, Any]
    fields: tuple[Field, ...]
    history: tuple[Event, ...]
    disagreements: tuple[Disagreement, ...]
    claims: tuple[Evidence, ...]


def deal(connection: Connection, identifier: str, shown: int = SHOWN) -> Deal | None:
    """A deal or relation by its id, with at most ``shown`` of its claims in full; None where there is none."""
    row = connection.execute(select(deals).where(deals.c.deal == identifier)).mappings().first()
    if row is None:
        return None
    summary = {str(name): value for name, value in row.items()}
    sayings, behind = _sayings(connection, identifier)
    counter = _Counter(behind, _dates(connection, identifier))
    keys = {
        key
        for said in sayings
        for key in (said.actor, said.actor_id, said.partner, said.partner_id, said.third, said.item)
        if key
    }
    named = names(connection, keys)
    fields = tuple(
        field for field in (_field(column, sayings, named, counter, summary) for column in COLUMNS) if field.values
    )
    return Deal(
        id=identifier, summary=summary, fields=fields, history=_history(sayings, counter),
        disagreements=_disagreements(summary, fields, sayings, counter), claims=_evidence(connection, identifier, shown),
    )  # fmt: skip


class _Saying(NamedTuple):
    """What an atom says of a deal, without who says it: many atoms say the same."""

    actor: str | None
    actor_id: str | None
    partner: str | None
    partner_id: str | None
    third: str | None
    item: str | None
    category: str | None
    label: str | None
    stage: str | None
    polarity: str | None
    certainty: str | None
    terms: str | None
    finding: str | None
    quantity: float | None
    amount: float | None
    currency: str | None
    year: int | None


class _Behind(NamedTuple):
    """Who says it: a claim, its document, the independent source."""

    claim: str
    document: str
    source: str


def _sayings(connection: Connection, identifier: str) -> tuple[list[_Saying], dict[_Saying, list[_Behind]]]:
    """Everything that is said of a deal, each once, with all who say it."""
    columns = [atoms.c[name] for name in (*_Saying._fields, *_Behind._fields)]
    behind: dict[_Saying, list[_Behind]] = {}
    width = len(_Saying._fields)
    for row in connection.execute(select(*columns).where(atoms.c.deal == identifier).order_by(atoms.c.atom)):
        values = tuple(row)
        behind.setdefault(_Saying._make(values[:width]), []).append(_Behind._make(values[width:]))
    return list(behind), behind


# The columns of the register: what an atom says for each.


class Column(msgspec.Struct, frozen=True):
    """A column: which value an atom gives for it (None: none), and which column of the summary stands for it."""

    name: str
    value: Callable[[_Saying], Scalar | None]
    summary: str | None = None
    unit: str | None = None


def _when(name: str, stages: frozenset[str] | None = None, late: bool = True) -> Callable[[_Saying], Scalar | None]:
    """What is said under a name and not denied, at (or, where ``late`` is false, not at) some stages."""

    def value(said: _Saying) -> Scalar | None:
        if said.polarity == "negative" or (stages is not None and (said.stage in stages) != late):
            return None
        given: Scalar | None = getattr(said, name)
        return given

    return value


COLUMNS = (
    Column("actor", lambda said: said.actor, "actor"),
    Column("actor_organisation", lambda said: said.actor_id if said.actor_id != said.actor else None),
    Column("partner", lambda said: said.partner, "partner"),
    Column("partner_organisation", lambda said: said.partner_id if said.partner_id != said.partner else None),
    Column("third", lambda said: said.third, "third"),
    Column("number_ordered", _when("quantity", DELIVERED, late=False), "quantity"),
    Column("designation", lambda said: said.item, "item"),
    Column("description", lambda said: said.category, "category"),
    Column("label", lambda said: said.label, "label"),
    Column("year_of_order", _when("year", ORDERED), "ordered"),
    Column("years_of_delivery", _when("year", DELIVERED)),
    Column("number_delivered", _when("quantity", DELIVERED), "quantity_delivered"),
    Column("stage", _when("stage"), "stage"),
    Column("value", _when("amount"), "amount", "currency"),
    Column("terms", _when("terms")),
    Column("finding", _when("finding")),
)


def _field(
    column: Column, sayings: Sequence[_Saying], named: Mapping[str, str], counter: _Counter, summary: Mapping[str, Any]
) -> Field:
    grouped: dict[tuple[Scalar, str | None], list[_Saying]] = {}
    for said in sayings:
        given = column.value(said)
        if given is not None:
            grouped.setdefault((given, said.currency if column.unit else None), []).append(said)
    values = [
        Value(
            value=given, name=named.get(str(given), f"{given:g}" if isinstance(given, float) else str(given)), unit=unit,
            support=counter(some), estimate=all(said.certainty != "asserted" for said in some),
        )
        for (given, unit), some in grouped.items()
    ]  # fmt: skip
    chosen = summary.get(column.summary) if column.summary else None
    values.sort(key=lambda v: (v.value != chosen, -v.support.sources, -v.support.reports, str(v.value)))
    return Field(column.name, tuple(values))


def _history(sayings: Sequence[_Saying], counter: _Counter) -> tuple[Event, ...]:
    """The stages by year; those of no known year last."""
    grouped: dict[tuple[int | None, str, str, float | None], list[_Saying]] = {}
    for said in sayings:
        if said.stage and said.polarity:
            grouped.setdefault((said.year, said.stage, said.polarity, said.quantity), []).append(said)
    events = [
        Event(
            stage=stage, polarity=polarity, year=year, quantity=quantity, support=counter(some),
            certainty=min((said.certainty or "" for said in some), key=CERTAINTIES.index),
        )
        for (year, stage, polarity, quantity), some in grouped.items()
    ]  # fmt: skip
    return tuple(
        sorted(events, key=lambda e: (e.year or 9999, STAGES.index(e.stage), e.polarity != "positive", e.quantity or 0))
    )


_DISPUTED = {
    "number": ("number_ordered", "number_delivered"),
    "date": ("year_of_order",),
    "supplier": ("actor",),
    "stage": ("stage",),
}


def _disagreements(
    summary: Mapping[str, Any], fields: Sequence[Field], sayings: Sequence[_Saying], counter: _Counter
) -> tuple[Disagreement, ...]:
    found: list[Disagreement] = []
    for kind in (summary["disputed"] or "").split("+"):
        if kind == "denied":
            sides = {"claimed": "positive", "denied": "negative"}
            values = tuple(
                Value(
                    value=polarity,
                    name=name,
                    estimate=False,
                    support=counter([s for s in sayings if s.polarity == polarity]),
                )
                for name, polarity in sides.items()
            )
            found.append(Disagreement(kind, values))
        elif kind:
            columns = [field for field in fields if field.name in _DISPUTED[kind]]
            found.append(Disagreement(kind, max(columns, key=lambda f: len(f.values), default=Field("", ())).values))
    return tuple(found)


class _Counter:
    """Counts what stands behind some of the things that are said of a deal."""

    def __init__(self, behind: Mapping[_Saying, Sequence[_Behind]], dates: Mapping[str, Sequence[str | None]]) -> None:
        self._behind = behind
        self._dates = dates

    def __call__(self, sayings: Iterable[_Saying]) -> Support:
        every = [one for said in sayings for one in self._behind[said]]
        printed = [date for text in {one.document for one in every} for date in self._dates.get(text, ())]
        dated = [date for date in printed if date]
        return Support(
            claims=tuple(sorted({one.claim for one in every})), reports=len(printed), sources=len({one.source for one in every}),
            first=min(dated, default=None), last=max(dated, default=None),
        )  # fmt: skip


def _dates(connection: Connection, identifier: str) -> dict[str, list[str | None]]:
    """For each document behind a deal the dates of its publications."""
    texts = select(atoms.c.document).where(atoms.c.deal == identifier).distinct()
    found: dict[str, list[str | None]] = {}
    for document, published in connection.execute(
        select(publications.c.document, publications.c.published).where(publications.c.document.in_(texts))
    ):
        found.setdefault(document, []).append(published)
    return found


def published(connection: Connection, texts: Iterable[str]) -> dict[str, list[Publication]]:
    """The appearances of documents, in the order in which they were stored."""
    found: dict[str, list[Publication]] = {}
    for some in slices(sorted(set(texts))):
        for row in connection.execute(
            select(publications).where(publications.c.document.in_(some)).order_by(publications.c.id)
        ):
            found.setdefault(row.document, []).append(publication(row))
    return found


def publication(row: Any) -> Publication:
    """An appearance from its row."""
    return Publication(
        document=row.document, name=row.name, outlet=row.outlet or None, address=row.address, published=row.published,
        title=row.title, author=row.author, copy=row.copy,
    )  # fmt: skip


def names(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The name of each id; of ids joined with ``+`` the names, joined with commas."""
    wanted = set(keys)
    single = sorted({part for key in wanted for part in key.split("+")})
    known: dict[str, str] = {}
    for some in slices(single):
        known |= dict(connection.execute(select(entities.c.id, entities.c.name).where(entities.c.id.in_(some))).all())
    return {key: ", ".join(known.get(part) or _gazetteer_name(part) for part in key.split("+")) for key in wanted}


def _gazetteer_name(identifier: str) -> str:
    from rasad.gazetteer import entities as gazetteer

    known = gazetteer().get(identifier)
    return known.name if known else identifier.partition(":")[2]


def _evidence(connection: Connection, identifier: str, shown: int) -> tuple[Evidence, ...]:
    """The claims in full: of every source one first, the surest of each."""
    own = select(atoms.c.claim, atoms.c.source, atoms.c.confidence).where(atoms.c.deal == identifier).distinct()
    rank: dict[str, int] = {}
    order: list[tuple[int, float, str]] = []
    for claim, source, confidence in sorted(connection.execute(own), key=lambda row: (-row.confidence, row.claim)):
        order.append((rank.get(source, 0), -confidence, claim))
        rank[source] = rank.get(source, 0) + 1
    wanted = [claim for _, _, claim in sorted(order)][:shown]
    decisions = log(connection)
    rows = [
        row
        for some in slices(wanted)
        for row in connection.execute(
            select(claims.c.id, claims.c.document, claims.c.source, claims.c.body).where(claims.c.id.in_(some))
        )
    ]
    printed = published(connection, {row.document for row in rows})
    found: dict[str, Evidence] = {}
    for row in rows:
        claim = decoded(row.body)
        found[row.id] = Evidence(
            claim=claim, document=row.document, source=row.source, publications=tuple(printed.get(row.document, ())),
            review=decisions.status(claim, row.document),
        )  # fmt: skip
    return tuple(found[claim] for claim in wanted if claim in found)
