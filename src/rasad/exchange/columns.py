"""What sources say of a deal, under the columns of a trade register: each column a set of competing values, every value with the
claims behind it and how many independent sources they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from rasad.register.schema import atoms

DELIVERED = frozenset({"delivering", "delivered"})
NOT_YET = frozenset({"proposed", "negotiated", "approved", "refused"})  #: stages of what is no order
TOGETHER = 5_000  #: rows fetched at a time


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A value with what stands behind it. ``estimate``: nobody asserts it outright; numbers and years then stand in brackets, as
    SIPRI writes them. (A row of SIPRI's with one of the two in brackets gives a claim of which both are estimates.)"""

    value: str | float | int
    name: str
    estimate: bool
    sources: int
    claims: tuple[str, ...]

    def __str__(self) -> str:
        return f"({self.name})" if self.estimate and not isinstance(self.value, str) else self.name


class Saying(NamedTuple):
    """One claim's part in a deal. ``entry`` is set where it stands in a table."""

    deal: str
    claim: str
    source: str
    entry: str | None
    actor: str | None
    partner: str | None
    item: str | None
    category: str | None
    family: str | None
    stage: str | None
    polarity: str | None
    certainty: str | None
    terms: str | None
    quantity: float | None
    amount: float | None
    currency: str | None
    year: int | None

    @property
    def denied(self) -> bool:
        """Whether the claim says that it is not so."""
        return self.polarity == "negative"


def sayings(connection: Connection, which: ColumnElement[bool]) -> Iterator[tuple[str, list[Saying]]]:
    """The deals of which there are such claims, each with these claims, by id."""
    columns = [atoms.c[name] for name in Saying._fields]
    rows = connection.execute(
        select(*columns).where(which, atoms.c.deal.is_not(None)).order_by(atoms.c.deal, atoms.c.atom),
        execution_options={"yield_per": TOGETHER},
    )
    for deal, some in groupby((Saying._make(row) for row in rows), key=lambda said: said.deal):
        yield deal, list(some)


Column = Callable[[Saying], str | float | int | None]


def _quantity(said: Saying) -> float | None:
    return None if said.stage in DELIVERED or said.stage in NOT_YET else said.quantity


COLUMNS: dict[str, Column] = {
    "supplier": lambda said: said.actor,
    "designation": lambda said: said.item,
    "number ordered": _quantity,
    "year of order": lambda said: said.year if said.stage == "ordered" else None,
    "number delivered": lambda said: said.quantity if said.stage in DELIVERED else None,
    "years of delivery": lambda said: said.year if said.stage in DELIVERED else None,
    "status": lambda said: said.stage,
}
"""The columns, and what a claim says for each."""


def columns(some: Iterable[Saying], names: Mapping[str, str]) -> dict[str, tuple[Said, ...]]:
    """What claims that are no denials say under each column, the value with most independent sources first."""
    claimed = [said for said in some if not said.denied]
    found = {name: values(claimed, column, names) for name, column in COLUMNS.items()}
    return {name: told for name, told in found.items() if told}


def values(some: Iterable[Saying], column: Column, names: Mapping[str, str]) -> tuple[Said, ...]:
    """The values that claims give for a column."""
    behind: dict[str | float | int, list[Saying]] = {}
    for said in some:
        given = column(said)
        if given is not None:
            behind.setdefault(given, []).append(said)
    found = [
        Said(
            value=given,
            name=names.get(given, given) if isinstance(given, str) else f"{given:g}",
            estimate=all(said.certainty != "asserted" for said in told),
            sources=len({said.source for said in told}),
            claims=tuple(sorted({said.claim for said in told})),
        )
        for given, told in behind.items()
    ]
    return tuple(sorted(found, key=lambda said: (-said.sources, -len(said.claims), str(said.value))))
