"""Which claims are most worth a reviewer's decision: those on which the reader is unsure and on which much hangs.

    worth = doubt × stake
    doubt = 4 p (1 − p)
    stake = 1 + what hangs on the claim, added up

``p`` is the calibrated confidence of the claim. Doubt is 1 where it is as likely right as wrong, and 0 where the reader is sure: four
times the variance of a yes or no, the uncertainty by which Lewis and Gale choose what a person should look at ("A sequential
algorithm for training text classifiers", 1994). What hangs on a claim is

=============  ======  ==============================================================================================
reason         weight  when
=============  ======  ==============================================================================================
alone          2       its deal or relation rests on it alone, and would be gone without it
source         1       its deal has other claims, but all of the same independent source
number, date,  1 each  the sources of its deal disagree on this, and the claim says something of it
supplier,
stage, denied
accusation     1       it accuses somebody, or denies an accusation
embargo        1       its deal falls into an arms embargo
=============  ======  ==============================================================================================

A claim that is part of several deals counts for the one on which most hangs. Claims of imported tables are not asked about: no
reader read them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, false, literal, or_, select

from rasad.register.database import slices
from rasad.register.deals import ORDERED
from rasad.register.log import settled
from rasad.register.schema import atoms, deals

MOST = 2_000  #: claims kept; the rest is not worth less attention, but never reached in one sitting
BESIDE = (
    3  #: times as many are looked at, since a claim may have several atoms, and a watched deal fall into no embargo
)
WEIGHTS = {
    "alone": 2,
    "source": 1,
    "number": 1,
    "date": 1,
    "supplier": 1,
    "stage": 1,
    "denied": 1,
    "accusation": 1,
    "embargo": 1,
}

Watched = Mapping[str, Collection[str]]  #: of a side of a deal (actor, partner), the parties that are under an embargo
Falls = Callable[[Sequence[str]], Collection[str]]  #: gives those of some deals that fall into an embargo


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """A claim with what a decision on it is worth, and why: the names of the reasons above."""

    claim: str
    deal: str
    frame: str
    language: str | None
    confidence: float
    doubt: float
    stake: int
    worth: float
    reasons: tuple[str, ...]


def most_worth(connection: Connection, watched: Watched, falls: Falls, most: int = MOST) -> tuple[Worth, ...]:
    """The claims most worth a decision that nobody has decided on, the worthiest first.

    Deals with a party that is ``watched`` are first ranked as if they fell into an embargo; which of those that are looked at do,
    ``falls`` tells.
    """
    done = settled(connection)
    reasons = _reasons(watched)
    stake = 1 + sum((_weight(holds, name) for name, holds in reasons.items() if name not in _DISPUTES), literal(0))
    disputed = sum((_weight(reasons[name], name) for name in _DISPUTES), literal(0))
    stake += case((deals.c.disputed.is_not(None), disputed), else_=0)
    ranked = (
        select(atoms.c.atom)
        .join(deals, deals.c.deal == atoms.c.deal)
        .where(atoms.c.entry.is_(None))
        .order_by((atoms.c.confidence * (1 - atoms.c.confidence) * stake).desc(), atoms.c.atom)
        .limit(BESIDE * (most + len(done)))
    )
    rows: list[Mapping[str, Any]] = []
    told = [atoms.c[name] for name in ("claim", "deal", "frame", "language", "confidence")]
    for some in slices(list(connection.scalars(ranked))):
        why = select(*told, *(holds.label(name) for name, holds in reasons.items()))
        own = why.join(deals, deals.c.deal == atoms.c.deal).where(atoms.c.atom.in_(some))
        rows += [{**row} for row in connection.execute(own).mappings() if row["claim"] not in done]
    doubtful = {row["deal"] for row in rows if row["embargo"]}
    fall = {deal for some in slices(sorted(doubtful)) for deal in falls(some)}
    return _first(sorted((_worth(row, fall) for row in rows), key=lambda one: (-one.worth, one.claim)), most)


_DISPUTES = ("number", "date", "supplier", "stage", "denied")


def _weight(holds: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return case((holds, WEIGHTS[name]), else_=0)


def _reasons(watched: Watched) -> dict[str, ColumnElement[bool]]:
    """When each reason holds for an atom and its deal."""
    speaks: dict[str, ColumnElement[bool]] = {
        "number": atoms.c.quantity.is_not(None),
        "date": and_(atoms.c.year.is_not(None), atoms.c.stage.in_(sorted(ORDERED))),
        "supplier": atoms.c.actor.is_not(None),
        "stage": atoms.c.stage.is_not(None),
        "denied": atoms.c.atom.is_not(None),
    }
    under = [deals.c[side].in_(sorted(parties)) for side, parties in watched.items() if parties]
    return {
        "alone": deals.c.claims == 1,
        "source": and_(deals.c.claims > 1, deals.c.sources == 1),
        **{kind: and_(deals.c.disputed.contains(kind), says) for kind, says in speaks.items()},
        "accusation": atoms.c.frame == "allegation",
        "embargo": and_(deals.c.kind == "deal", or_(*under)) if under else false(),
    }  # fmt: skip


def _worth(row: Mapping[str, Any], fall: Collection[str]) -> Worth:
    reasons = tuple(name for name in WEIGHTS if row[name] and (name != "embargo" or row["deal"] in fall))
    doubt, stake = 4 * row["confidence"] * (1 - row["confidence"]), 1 + sum(WEIGHTS[name] for name in reasons)
    told = {name: row[name] for name in ("claim", "deal", "frame", "language", "confidence")}
    return Worth(**told, doubt=doubt, stake=stake, worth=doubt * stake, reasons=reasons)


def _first(ranked: Iterable[Worth], most: int) -> tuple[Worth, ...]:
    """Each claim once, for the deal on which most hangs."""
    kept: dict[str, Worth] = {}
    for one in ranked:
        kept.setdefault(one.claim, one)
        if len(kept) == most:
            break
    return tuple(kept.values())
