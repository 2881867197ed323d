"""What the pages of states, systems, organisations and people have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.register.rows import Named

BEST = 10  #: deals, claims and texts that a page shows first
PAGE = 50
LAST_PAGE = 100_000
Number = Annotated[int, Query(ge=1, le=LAST_PAGE, description="Which page of the list.")]


def named(register: AskedRegister, identifier: str) -> Named:
    """An id with its name."""
    return Named(identifier, register.names([identifier])[identifier])
