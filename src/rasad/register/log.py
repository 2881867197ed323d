"""The log of reviews in the register: read whole or by the page, and only ever added to."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from rasad.claims import Claim
from rasad.register.review import Action, Log, Review
from rasad.register.schema import reviews


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log, and the number of the line that took it back, where one did that holds."""

    line: Review
    undone_by: int | None

    @property
    def claim(self) -> Claim | None:
        """The claim that was decided on, as it was read."""
        held = self.line.content.get("claim")
        return msgspec.convert(held, Claim) if held else None

    @property
    def moved(self) -> tuple[str, ...]:
        """The claims that a split moved."""
        return tuple(dict.fromkeys(atom.partition("/")[0] for atom in self.line.content.get("atoms", [()])[0]))


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some decisions, newest first, how many pass in all, and everybody who ever decided something."""

    decisions: tuple[Decision, ...]
    total: int
    reviewers: tuple[str, ...]


def lines(connection: Connection) -> list[Review]:
    """Every line, in the order in which they were written."""
    return [_line(row) for row in connection.execute(select(reviews).order_by(reviews.c.id))]


def log(connection: Connection) -> Log:
    """The lines that hold."""
    return Log(lines(connection))


def decided(connection: Connection) -> list[Decision]:
    """Every line, newest first, with what became of it."""
    gone = taken_back(connection)
    return [Decision(line=line, undone_by=gone.get(line.id)) for line in reversed(lines(connection))]


def paged(
    connection: Connection, *, reviewer: str | None = None, action: str | None = None, number: int | None = None, limit: int = 50,
    offset: int = 0,
) -> Page:  # fmt: skip
    """Some of the lines, newest first: those of a reviewer, of an action, of a number."""
    asked = ((reviews.c.reviewer, reviewer), (reviews.c.action, action), (reviews.c.id, number))
    which = [column == value for column, value in asked if value is not None]
    some = select(reviews).where(*which).order_by(reviews.c.id.desc()).limit(limit).offset(offset)
    gone = taken_back(connection)
    return Page(
        decisions=tuple(Decision(line=_line(row), undone_by=gone.get(row.id)) for row in connection.execute(some)),
        total=connection.scalar(select(func.count()).select_from(reviews).where(*which)) or 0,
        reviewers=tuple(connection.scalars(select(reviews.c.reviewer).distinct().order_by(reviews.c.reviewer))),
    )


def taken_back(connection: Connection) -> dict[int, int]:
    """Of each line that does not hold, the line that took it back."""
    gone: dict[int, int] = {}
    undos = select(reviews.c.id, reviews.c.subject).where(reviews.c.action == "undo").order_by(reviews.c.id.desc())
    for number, undoes in connection.execute(undos):  # a later undo may undo an earlier undo
        if number not in gone:
            gone[int(undoes)] = number
    return gone


def settled(connection: Connection) -> set[str]:
    """The claims that somebody accepted, rejected or corrected, and nobody took that back."""
    gone = taken_back(connection)
    on_claims = select(reviews.c.id, reviews.c.subject).where(reviews.c.action.in_(("accept", "reject", "correct")))
    return {subject for number, subject in connection.execute(on_claims) if number not in gone}


def latest_on(connection: Connection, claim: str) -> Review | None:
    """The last line that was written on a claim, whether it still holds or not."""
    own = select(reviews).where(reviews.c.subject == claim).order_by(reviews.c.id.desc()).limit(1)
    row = connection.execute(own).first()
    return _line(row) if row else None


def append(
    connection: Connection, at: str, reviewer: str, action: Action, subject: str, content: dict[str, Any], reason: str
) -> Review:
    """Writes a line; gives it with its number."""
    line = Review(id=0, at=at, reviewer=reviewer, action=action, subject=subject, content=content, reason=reason)
    values = msgspec.structs.asdict(line) | {"content": msgspec.json.encode(content).decode()}
    del values["id"]
    number = connection.execute(insert(reviews).values(values).returning(reviews.c.id)).scalar_one()
    return msgspec.structs.replace(line, id=number)


def _line(row: Any) -> Review:
    return Review(
        id=row.id, at=row.at, reviewer=row.reviewer, action=row.action, subject=row.subject, reason=row.reason,
        content=msgspec.json.decode(row.content),
    )  # fmt: skip
