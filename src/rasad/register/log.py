"""The log of reviews in the register: read whole, and only ever added to."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from rasad.register.review import Action, Log, Review
from rasad.register.schema import reviews


def lines(connection: Connection) -> list[Review]:
    """Every line, in the order in which they were written."""
    rows = connection.execute(select(reviews).order_by(reviews.c.id)).mappings()
    return [msgspec.convert({**row, "content": msgspec.json.decode(row["content"])}, Review) for row in rows]


def log(connection: Connection) -> Log:
    """The lines that hold."""
    return Log(lines(connection))


def append(
    connection: Connection, at: str, reviewer: str, action: Action, subject: str, content: dict[str, Any], reason: str
) -> Review:
    """Writes a line; gives it with its number."""
    values = {"at": at, "reviewer": reviewer, "action": action, "subject": subject, "reason": reason}
    written = connection.execute(insert(reviews).values(**values, content=msgspec.json.encode(content).decode()))
    return msgspec.convert({**values, "id": written.inserted_primary_key[0], "content": content}, Review)
