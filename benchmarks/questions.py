"""What an analyst asks of a big register of made-up claims, warm: the busiest states, some in the middle, all at once.
``questions.py FILE`` (a register that ``big_register.py CLAIMS FILE`` made)"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sqlalchemy import func, select
from tables import aligned, promise

from rasad.analysis.asked import AskedRegister, open_register
from rasad.register import FilterError
from rasad.register.database import reading
from rasad.register.schema import deals

STATES = 20  #: the busiest, and as many in the middle
MOST = 200  #: milliseconds that an answer may take, warm
BRIEFS = 3  #: busiest states of which a whole report is made
UNPROMISED = "brief, with pictures"


def measure(path: str) -> list[tuple[str, str, str, bool]]:
    """Prints milliseconds for each question; gives what was promised."""
    with open_register(path) as register:
        buyers, sellers = _states(register, "partner"), _states(register, "actor")
        asked: dict[str, list[Callable[[], Any]]] = {
            "market": [lambda s=s: register.market(s).tables for s in buyers],
            "supplier": [lambda s=s: register.supplier(s).tables for s in sellers],
            "dependence": [lambda s=s: register.dependence(s).tables for s in buyers],
            "allegations, 50 of one": [lambda s=s: register.allegations(accused=s, limit=50).tables for s in sellers],
            "alignment": [lambda s=s: register.alignment(s).tables for s in sellers],
            "allegations of all": [lambda: register.allegations().tables],
            "embargoes": [lambda s=s: register.embargoes(s).tables for s in buyers],
            "embargoes of all": [lambda: register.embargoes().tables],
            "flows to one": [lambda s=s: register.flows(recipient=s).tables for s in buyers],
            "flows of the world": [lambda: register.flows().tables],
            UNPROMISED: [lambda s=s: register.brief(s).sections for s in buyers[:BRIEFS]],
        }
        figures = {name: sorted(filter(None, map(_warm, questions))) for name, questions in asked.items()}
    rows = [[name, median(took), took[int(0.95 * (len(took) - 1))], took[-1]] for name, took in figures.items() if took]
    print(aligned(["milliseconds, warm", "median", "95th percentile", "slowest"], rows), end="\n\n")
    return [
        promise(f"{name}, 95th percentile", slow, MOST, " ms", most=True)
        for name, _, slow, _ in rows
        if name != UNPROMISED
    ]


def _states(register: AskedRegister, column: str) -> list[str]:
    party = deals.c[column]
    with reading(register.engine) as connection:
        order = (
            select(party)
            .where(party.startswith("country:"), ~party.contains("+"))
            .group_by(party)
            .order_by(func.count().desc())
        )
        every = list(connection.scalars(order))
    middle = len(every) // 2
    return list(dict.fromkeys([*every[:STATES], *every[middle : middle + STATES]]))


def _warm(question: Callable[[], Any]) -> float | None:
    try:
        question()
        started = time.perf_counter()
        question()
    except FilterError:
        return None  # a made-up state of which nothing of this is told
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    measure(sys.argv[1])
