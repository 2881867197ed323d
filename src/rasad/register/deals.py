"""One deal or relation, opened: every field a set of competing values, each with the claims behind it, its independent sources and
its dates; the stages as a history; and where the sources disagree, on what.

The value that stands for a field is the one that the summary shows (``linking.py`` states the rules); the others stay beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from rasad.claims import Claim
from rasad.register.log import log
from rasad.register.schema import atoms, claims, deals, entities, publications

Scalar = str | float | int
SHOWN = 200  #: claims that are given whole with a deal; all are counted
DELIVERED = frozenset({"delivering", "delivered", "completed"})
ORDERED = frozenset({"ordered", "agreed"})
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
    """One appearance of a document."""

    document: str
    name: str
    outlet: str | None
    address: str | None
    published: str | None


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
    found = connection.execute(select(atoms).where(atoms.c.deal == identifier).order_by(atoms.c.atom)).mappings().all()
    rows = [dict(atom) for atom in found]
    printed = _publications(connection, {atom["document"] for atom in rows})
    names = _names(connection, rows)
    support = _Counter(printed)
    summary = dict(row)
    fields = tuple(
        field for field in (_field(column, rows, names, support, summary) for column in COLUMNS) if field.values
    )
    return Deal(
        id=identifier, summary=summary, fields=fields, history=_history(rows, support),
        disagreements=_disagreements(summary, fields, rows, support), claims=_evidence(connection, rows, printed, shown),
    )  # fmt: skip


# The columns of the register: what an atom says for each.


class Column(msgspec.Struct, frozen=True):
    """A column: which value an atom gives for it (None: none), and which column of the summary stands for it."""

    name: str
    value: Callable[[Mapping[str, Any]], Scalar | None]
    summary: str | None = None
    unit: str | None = None


def _when(
    key: str, stages: frozenset[str] | None = None, late: bool = True
) -> Callable[[Mapping[str, Any]], Scalar | None]:
    """The value of a key, of atoms that are not denials, at (or, where ``late`` is false, not at) some stages."""

    def value(atom: Mapping[str, Any]) -> Scalar | None:
        if atom["polarity"] == "negative" or (stages is not None and (atom["stage"] in stages) != late):
            return None
        given: Scalar | None = atom[key]
        return given

    return value


COLUMNS = (
    Column("actor", lambda atom: atom["actor"], "actor"),
    Column("actor_organisation", lambda atom: atom["actor_id"] if atom["actor_id"] != atom["actor"] else None),
    Column("partner", lambda atom: atom["partner"], "partner"),
    Column("partner_organisation", lambda atom: atom["partner_id"] if atom["partner_id"] != atom["partner"] else None),
    Column("third", lambda atom: atom["third"], "third"),
    Column("number_ordered", _when("quantity", DELIVERED, late=False), "quantity"),
    Column("designation", lambda atom: atom["item"], "item"),
    Column("description", lambda atom: atom["category"], "category"),
    Column("label", lambda atom: atom["label"], "label"),
    Column("year_of_order", _when("year", ORDERED), "ordered"),
    Column("years_of_delivery", _when("year", DELIVERED)),
    Column("number_delivered", _when("quantity", DELIVERED), "quantity_delivered"),
    Column("stage", _when("stage"), "stage"),
    Column("value", _when("amount"), "amount", "currency"),
    Column("terms", _when("terms")),
    Column("finding", _when("finding")),
)


def _field(
    column: Column,
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    support: _Counter,
    summary: Mapping[str, Any],
) -> Field:
    grouped: dict[tuple[Scalar, str | None], list[Mapping[str, Any]]] = {}
    for atom in rows:
        given = column.value(atom)
        if given is not None:
            grouped.setdefault((given, atom[column.unit] if column.unit else None), []).append(atom)
    values = [
        Value(
            value=given, name=names.get(str(given), str(given)), unit=unit, support=support(behind),
            estimate=all(atom["certainty"] != "asserted" for atom in behind),
        )
        for (given, unit), behind in grouped.items()
    ]  # fmt: skip
    chosen = summary.get(column.summary) if column.summary else None
    values.sort(key=lambda v: (v.value != chosen, -v.support.sources, -v.support.reports, str(v.value)))
    return Field(column.name, tuple(values))


def _history(rows: Sequence[Mapping[str, Any]], support: _Counter) -> tuple[Event, ...]:
    """The stages by year; those of no known year last."""
    grouped: dict[tuple[int | None, str, str, float | None], list[Mapping[str, Any]]] = {}
    for atom in rows:
        if atom["stage"]:
            grouped.setdefault((atom["year"], atom["stage"], atom["polarity"], atom["quantity"]), []).append(atom)
    events = [
        Event(
            stage=stage, polarity=polarity, year=year, quantity=quantity, support=support(behind),
            certainty="asserted" if any(a["certainty"] == "asserted" for a in behind) else str(behind[0]["certainty"]),
        )
        for (year, stage, polarity, quantity), behind in grouped.items()
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
    summary: Mapping[str, Any], fields: Sequence[Field], rows: Sequence[Mapping[str, Any]], support: _Counter
) -> tuple[Disagreement, ...]:
    found: list[Disagreement] = []
    for kind in (summary["disputed"] or "").split("+"):
        if kind == "denied":
            sides = {said: [a for a in rows if a["polarity"] == said] for said in ("positive", "negative")}
            values = tuple(
                Value(
                    value=said,
                    name="claimed" if said == "positive" else "denied",
                    estimate=False,
                    support=support(behind),
                )
                for said, behind in sides.items()
            )
            found.append(Disagreement(kind, values))
        elif kind:
            columns = {field.name: field for field in fields if field.name in _DISPUTED[kind]}
            most = max(columns.values(), key=lambda f: len(f.values), default=Field("", ()))
            found.append(Disagreement(kind, most.values))
    return tuple(found)


class _Counter:
    """Counts what stands behind some atoms."""

    def __init__(self, printed: Mapping[str, Sequence[Publication]]) -> None:
        self._printed = printed

    def __call__(self, behind: Iterable[Mapping[str, Any]]) -> Support:
        rows = list(behind)
        texts = {atom["document"] for atom in rows}
        printed = [p for text in texts for p in self._printed.get(text, ())]
        dates = sorted(p.published for p in printed if p.published)
        return Support(
            claims=tuple(sorted({atom["claim"] for atom in rows})), reports=len(printed), sources=len({atom["source"] for atom in rows}),
            first=dates[0] if dates else None, last=dates[-1] if dates else None,
        )  # fmt: skip


def _publications(connection: Connection, texts: set[str]) -> dict[str, list[Publication]]:
    found: dict[str, list[Publication]] = {}
    for some in _slices(sorted(texts)):
        for row in connection.execute(
            select(publications).where(publications.c.document.in_(some)).order_by(publications.c.id)
        ):
            found.setdefault(row.document, []).append(
                Publication(
                    document=row.document,
                    name=row.name,
                    outlet=row.outlet or None,
                    address=row.address,
                    published=row.published,
                )
            )
    return found


def _names(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The names of everything that the atoms name; a set of parties by the names of its members."""
    keys = {
        atom[key]
        for atom in rows
        for key in ("actor", "actor_id", "partner", "partner_id", "third", "item")
        if atom[key]
    }
    return names(connection, keys)


def names(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The name of each id; of ids joined with ``+`` the names, joined with commas."""
    wanted = set(keys)
    single = sorted({part for key in wanted for part in key.split("+")})
    known: dict[str, str] = {}
    for some in _slices(single):
        known |= dict(
            connection.execute(select(entities.c.id, entities.c.name).where(entities.c.id.in_(some))).all()
        )
    return {key: ", ".join(known.get(part) or _gazetteer_name(part) for part in key.split("+")) for key in wanted}


def _gazetteer_name(identifier: str) -> str:
    from rasad.gazetteer import entities as gazetteer

    known = gazetteer().get(identifier)
    return known.name if known else identifier.partition(":")[2]


def _evidence(
    connection: Connection, rows: Sequence[Mapping[str, Any]], printed: Mapping[str, Sequence[Publication]], shown: int
) -> tuple[Evidence, ...]:
    """The claims in full: of every source one first, the surest of each."""
    surest = sorted({(-atom["confidence"], atom["claim"], atom["source"]) for atom in rows})
    rank: dict[str, int] = {}
    order: list[tuple[int, float, str]] = []
    for confidence, claim, source in surest:
        order.append((rank.get(source, 0), confidence, claim))
        rank[source] = rank.get(source, 0) + 1
    wanted = [claim for _, _, claim in sorted(order)][:shown]
    decisions = log(connection)
    found: dict[str, Evidence] = {}
    for some in _slices(wanted):
        told = select(claims.c.id, claims.c.document, claims.c.source, claims.c.body).where(claims.c.id.in_(some))
        for row in connection.execute(told):
            claim = _decoder.decode(row.body)
            found[row.id] = Evidence(
                claim=claim, document=row.document, source=row.source, publications=tuple(printed.get(row.document, ())),
                review=decisions.status(claim, row.document),
            )  # fmt: skip
    return tuple(found[claim] for claim in wanted if claim in found)


_decoder = msgspec.json.Decoder(Claim)


def _slices(values: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
