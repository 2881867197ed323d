"""Who may do what at the desk.

A *door* tells who a request comes from. On the own machine there is one person, who came with a token in the address
(:mod:`own`), as Jupyter does it; on a server people have accounts (:mod:`accounts`). The *guard* (:mod:`guard`) stands before every
page: it asks the door, refuses what comes from other sites, what a role may not do (:mod:`rules`) and what is too large, and tells
browsers what pages may load.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from rasad.register.users import ROLES, Role, may

__all__ = ["ROLES", "Door", "NotAdmittedError", "Person", "Role", "Way"]

Way = Literal["own", "session", "token"]  #: how somebody is known: the own machine's key, a log-in, a program's token


class Person(msgspec.Struct, frozen=True):
    """Who asks. ``session``: the key of the session they came in, "" for a program's token."""

    name: str
    role: Role
    way: Way = "own"
    session: str = ""

    def may(self, role: Role) -> bool:
        """Whether this person may do what a role may."""
        return may(self.role, role)


class NotAdmittedError(Exception):
    """Somebody was not let in. ``args[0]`` is the key of the words for it; ``wait``: seconds until they may try again."""

    def __init__(self, key: str, wait: int = 0) -> None:
        super().__init__(key)
        self.wait = wait


class Door(Protocol):
    """Tells who a request comes from, lets people in and out."""

    own: bool  #: whether this is the own machine of one person, who shows a key and no name

    async def person(self, request: Request) -> Person | None:
        """Who asks; None for somebody unknown. A token that is shown goes before a cookie."""
        ...

    def enter(self, request: Request) -> Response | None:
        """What answers a request that lets somebody in (a token in the address); None for every other."""
        ...

    def admit(self, request: Request, name: str, secret: str, answer: Response) -> None:
        """Lets somebody in: ``answer`` makes the browser known. Raises NotAdmittedError."""
        ...

    def leave(self, request: Request, answer: Response) -> None:
        """Lets somebody out: ``answer`` makes the browser unknown."""
        ...
