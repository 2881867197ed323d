"""Joins and splits that reviewers decided, carried out on what linking found."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pyarrow as pa

from rasad.register.linking import MOVED
from rasad.register.review import Log


def moves(assignments: pa.Table, decisions: Log) -> pa.Table:
    """Which atoms go to another deal than linking put them in: ``deal`` is the id they get, ``model`` the deal that linking found and
    whose parties and thing the moved one has. Empty where no decision touches these atoms.

    A deal is known again by its atoms, not its id, which may have changed since: it is the one that most of them are in now.
    """
    where = dict(zip(*assignments.select(["atom", "deal"]).to_pydict().values(), strict=True))
    model = {deal: deal for deal in where.values()}
    moved: dict[str, str] = {}
    for line in decisions.joined():
        found = [[atom for atom in some if atom in where] for some in line.content["atoms"]]
        if not all(found):
            continue
        if line.action == "join":
            first, second = (Counter(where[atom] for atom in some).most_common() for some in found)
            into, gone = _most(first), _most(second)
            moved |= {atom: into for atom, deal in where.items() if deal == gone and into != gone}
        else:
            chosen = found[0]
            new = (
                chosen
                and where[chosen[0]][:2]
                + sha256("|".join(["split", *line.content["atoms"][0]]).encode()).hexdigest()[:16]
            )
            model[new] = model[_most(Counter(where[atom] for atom in chosen).most_common())]
            moved |= dict.fromkeys(chosen, new)
        where |= moved
    rows = sorted((atom, deal, model[deal]) for atom, deal in moved.items())
    return pa.table(
        [pa.array(column, pa.string()) for column in zip(*rows, strict=True)] if rows else [[], [], []], schema=MOVED
    )


def _most(counted: list[tuple[str, int]]) -> str:
    """The deal that holds most; of several the first by id."""
    return min(counted, key=lambda pair: (-pair[1], pair[0]))[0]
