"""Who may do what at the desk.

A *door* tells who a request comes from. On the own machine there is one person, who came with a one-time token in the address
(:mod:`own`), as Jupyter does it; on a server people have accounts (:mod:`accounts`). The *guard* (:mod:`guard`) stands before every
page: it asks the door, refuses what comes from other sites, and tells browsers what pages may load.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("reader", "reviewer", "admin")  #: each may do what those before it may


class Person(msgspec.Struct, frozen=True):
    """Who asks."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this person may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Door(Protocol):
    """Tells who a request comes from."""

    def person(self, request: Request) -> Person | None:
        """Who asks; None for somebody unknown."""
        ...

    def enter(self, request: Request) -> Response | None:
        """What answers a request that lets somebody in (a token in the address); None for every other."""
        ...
