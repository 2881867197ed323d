"""The log of reviews in the register: read whole, and only ever added to."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from rasad.register.review import Action, Log, Review
from rasad.register.schema import reviews


def lines(connection: Connection) -> list[Review]:
    """Every line, in the order in which they were written."""
    return [
        Review(
            id=row.id, at=row.at, reviewer=row.reviewer, action=row.action, subject=row.subject, reason=row.reason,
            content=msgspec.json.decode(row.content),
        )
        for row in connection.execute(select(reviews).order_by(reviews.c.id))
    ]  # fmt: skip


def log(connection: Connection) -> Log:
    """The lines that hold."""
    return Log(lines(connection))


def append(
    connection: Connection, at: str, reviewer: str, action: Action, subject: str, content: dict[str, Any], reason: str
) -> Review:
    """Writes a line; gives it with its number."""
    line = Review(id=0, at=at, reviewer=reviewer, action=action, subject=subject, content=content, reason=reason)
    values = msgspec.structs.asdict(line) | {"content": msgspec.json.encode(content).decode()}
    del values["id"]
    number = connection.execute(insert(reviews).values(values).returning(reviews.c.id)).scalar_one()
    return msgspec.structs.replace(line, id=number)
