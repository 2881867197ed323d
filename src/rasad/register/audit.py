"""Who did what at the desk, and from where: a log that is only added to. What was decided is in the log of reviews; this one says
who came, who changed an account, and which request brought a decision or a text."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import msgspec
from sqlalchemy import Connection, Engine, insert, select

from rasad.register.database import DESK, reading, writing
from rasad.register.schema import audit
from rasad.register.store import now

Action = Literal[
    "login", "login_failed", "logout", "session_ended", "token_added", "token_ended", "user_added", "user_role",
    "user_password", "user_disabled", "user_enabled", "review", "add",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)
PAGE = 50  #: lines at a time


class By(NamedTuple):
    """Who does something, and the address it comes from (``command line`` where it is typed on the machine itself)."""

    who: str
    origin: str


class Line(msgspec.Struct, frozen=True):
    """One line: number, ISO 8601 time in UTC, who, from where, what, of what or whom."""

    id: int
    at: str
    who: str
    origin: str
    action: str
    subject: str


def append(connection: Connection, by: By, action: Action, subject: str = "") -> None:
    """Writes a line within a transaction."""
    row = {"at": now(), "who": by.who, "origin": by.origin, "action": action, "subject": subject}
    connection.execute(insert(audit).values(row))


def note(engine: Engine, by: By, action: Action, subject: str = "") -> None:
    """Writes a line by itself. Raises StoreError."""
    with writing(engine, DESK) as connection:
        append(connection, by, action, subject)


def lines(
    engine: Engine, who: str | None = None, action: str | None = None, before: int | None = None, limit: int = PAGE
) -> list[Line]:
    """The latest lines first: those of somebody, of an action, with a smaller number than ``before``."""
    wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
    for column, given in ((audit.c.who, who), (audit.c.action, action)):
        if given:
            wanted = wanted.where(column == given)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    with reading(engine) as connection:
        return [Line(**row) for row in connection.execute(wanted).mappings()]
