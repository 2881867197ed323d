"""Where reviewers decide: the queue of claims by how much a decision would change, the log of all decisions, and who is who.

What a decision is worth is told in :mod:`rasad.register.worth`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar

import msgspec
from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.analysis.embargoed import flagged, watched
from rasad.claims import Claim
from rasad.gazetteer import entities as gazetteer
from rasad.register import FilterError, Review, Row, ShownClaim, ShownEntity
from rasad.register.database import reading
from rasad.register.log import Decision, latest_on, paged, settled
from rasad.register.shown import evidence
from rasad.register.state import Once, read
from rasad.register.unfolded import Context, context, named_in
from rasad.register.worth import MOST, WEIGHTS, Worth, most_worth
from rasad.reports.near import nearest
from rasad.web.correcting import Input, inputs
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages

pages = Pages()
EACH = 50  #: claims, or lines of the log, on a page
ACTIONS = ("accept", "reject", "correct", "join", "split", "merge", "part", "undo")


# The queue.


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of the queue with what it says; of an accusation also the relations that say what came of it."""

    worth: Worth
    claim: Claim
    rows: tuple[Row, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The claim that is to be decided on: as it was read and as it stands, in its text, why that matters (``worth``; None where it is
    not in the queue), the last review of it (``seen``; 0: none), the form to correct it, and names of those whom its text names."""

    shown: ShownClaim
    context: Context
    worth: Worth | None
    seen: int
    form: tuple[Input, ...]
    names: dict[str, str]


class ReviewPage(PageData, frozen=True, kw_only=True):
    """The queue, the claim that is asked about, and where to go from it. ``reasons``: how many of the queue have each reason.
    ``done`` is the decision that was just made, on a claim that is part of ``done_rows``. ``problem`` says why one was not made, and ``meanwhile`` who decided before."""

    TABLE: ClassVar[str] = "queue"

    queue: tuple[Queued, ...]
    total: int
    page: int
    pages: int
    most: int
    reasons: dict[str, int]
    weights: dict[str, int]
    asked: Asked | None
    following: str | None
    done: Decision | None = None
    done_rows: tuple[Row, ...] = ()
    problem: str = ""
    meanwhile: Review | None = None
    reason: str = ""


def _queue(register: AskedRegister) -> tuple[Worth, ...]:
    with reading(register.engine) as connection:
        return most_worth(connection, watched(), partial(flagged, register))


queue = Once(_queue, read)  #: decisions take claims out of it, and make no new one


@pages.page("/review", template="review.html", role="reviewer")
def review(
    register: AskedRegister, claim: str | None = None, frame: str | None = None, language: str | None = None, why: str | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1, done: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> ReviewPage:  # fmt: skip
    """What is most worth a decision, the worthiest first.

    ``claim``: which one is asked about, any of the register; without it, the worthiest. ``frame``, ``language``, ``why`` (alone, source,
    number, date, supplier, stage, denied, accusation, embargo): only such claims.
    """
    if why is not None and why not in WEIGHTS:
        raise FilterError(f"why: {why!r} is not one of {', '.join(WEIGHTS)}{nearest(why, WEIGHTS)}")
    waiting = _waiting(register)
    passing = [one for one in waiting if _passes(one, frame, language, why)]
    chosen, following = _place([one.claim for one in passing], claim)
    made = _decision(register, done) if done else None
    return ReviewPage(
        queue=_queued(register, passing[EACH * (page - 1) : EACH * page]), total=len(passing), page=page,
        pages=max(1, -(-len(passing) // EACH)), most=MOST, reasons=dict(Counter(name for one in waiting for name in one.reasons)),
        weights=WEIGHTS, asked=asked(register, chosen, waiting) if chosen else None, following=following,
        done=made, done_rows=charged(register, [made]).get(made.line.subject, ()) if made else (),
    )  # fmt: skip


def _waiting(register: AskedRegister) -> list[Worth]:
    """The queue without what was decided since it was made."""
    with reading(register.engine) as connection:
        gone = settled(connection)
    return [one for one in queue(register) if one.claim not in gone]


def _place(waiting: list[str], claim: str | None) -> tuple[str | None, str | None]:
    """Which claim is asked about, and which comes next: after one that is not in the queue the first."""
    if claim is None:
        first, following, *_ = (*waiting, None, None)
        return first, following
    after = waiting[waiting.index(claim) + 1 :] if claim in waiting else waiting
    return claim, next(iter(after), None)


def _queued(register: AskedRegister, some: list[Worth]) -> tuple[Queued, ...]:
    with reading(register.engine) as connection:
        held = {one.claim.id: one.claim for one in evidence(connection, [one.claim for one in some])}
    rows = register.rows_of(one.claim for one in some if one.frame == "allegation")
    return tuple(
        Queued(worth=one, claim=held[one.claim], rows=rows.get(one.claim, ())) for one in some if one.claim in held
    )


def charged(register: AskedRegister, decisions: Sequence[Decision]) -> dict[str, tuple[Row, ...]]:
    """Of the accusations that were decided on, the relations that say what came of each."""
    accusations = {one.claim.id for one in decisions if one.claim and one.claim.frame == "allegation"}
    return register.rows_of(accusations)


def _passes(one: Worth, frame: str | None, language: str | None, why: str | None) -> bool:
    return frame in (None, one.frame) and language in (None, one.language) and (why is None or why in one.reasons)


def asked(
    register: AskedRegister, identifier: str, waiting: list[Worth], typed: Mapping[str, list[str]] | None = None
) -> Asked:
    """A claim that is to be decided on, its form as it was ``typed``. Raises NotFoundError."""
    shown = register.claim(register.whole_id(identifier) if identifier.startswith("c-") else identifier)
    if shown is None:
        raise NotThereError(f"{identifier}: there is no such claim")
    stands = shown.standing or shown.claim
    with reading(register.engine) as connection:
        around = context(connection, shown.claim, shown.document)
        last = latest_on(connection, shown.claim.id)
    return Asked(
        shown=shown, context=around, worth=next((one for one in waiting if one.claim == shown.claim.id), None),
        seen=last.id if last else 0, form=inputs(stands, typed), names=_names(register, stands, shown.document),
    )  # fmt: skip


def _names(register: AskedRegister, claim: Claim, document: str) -> dict[str, str]:
    """Whom a reviewer may mean: those whom the text names in other claims, and all states."""
    with reading(register.engine) as connection:
        there = named_in(connection, document)
    states = {key: one.name for key, one in gazetteer().items() if key.startswith("country:")}
    return states | register.names([*there, *(filler.id for _, filler in claim.fillers())])


def _decision(register: AskedRegister, number: int) -> Decision | None:
    with reading(register.engine) as connection:
        return next((one for one in paged(connection, number=number).decisions), None)


# The log.


class LogPage(PageData, frozen=True, kw_only=True):
    """Who decided what and when, newest first. ``charged``: of accusations that were decided on, the relations that say what came of
    them."""

    TABLE: ClassVar[str] = "lines"

    decisions: tuple[Decision, ...]
    charged: dict[str, tuple[Row, ...]]
    total: int
    page: int
    pages: int
    reviewers: tuple[str, ...]
    actions: tuple[str, ...] = ACTIONS

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The decisions as lines of a table."""
        columns = ("id", "at", "reviewer", "action", "subject", "reason")
        return [
            {**{name: getattr(one.line, name) for name in columns}, "undone_by": one.undone_by}
            for one in self.decisions
        ]


@pages.page("/review/log", template="log.html")
def log(
    register: AskedRegister, reviewer: str | None = None, action: str | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> LogPage:  # fmt: skip
    """Every decision, newest first: those of a reviewer, of an action (accept, reject, correct, join, split, merge, part, undo)."""
    if action is not None and action not in ACTIONS:
        raise FilterError(f"action: {action!r} is not one of {', '.join(ACTIONS)}{nearest(action, ACTIONS)}")
    with reading(register.engine) as connection:
        found = paged(connection, reviewer=reviewer, action=action, limit=EACH, offset=EACH * (page - 1))
    return LogPage(
        decisions=found.decisions, charged=charged(register, found.decisions), total=found.total, page=page, pages=max(1, -(-found.total // EACH)), reviewers=found.reviewers
    )  # fmt: skip


# Entities: merge and part.


class EntityPage(PageData, frozen=True, kw_only=True):
    """An entity with what a reviewer can say of who it is. ``charged``: of accusations that name it, the relations that say what came of
    them. ``problem`` says why a decision was not made, ``typed`` what was to be decided."""

    entity: ShownEntity
    charged: dict[str, tuple[Row, ...]]
    problem: str = ""
    typed: dict[str, list[str]] = msgspec.field(default_factory=dict)


@pages.page("/review/entities/{identifier:path}", template="who.html", role="reviewer")
def who(register: AskedRegister, identifier: str) -> EntityPage:
    """Whom an entity is one with, and which claims mean somebody else."""
    return entity(register, identifier)


def entity(register: AskedRegister, identifier: str) -> EntityPage:
    """What the page of an entity shows. Raises NotThereError, and what an id that is none raises."""
    found = register.entity(register.whole_id(identifier), EACH)
    if found is None:
        raise NotThereError(f"{identifier}: there is no such entity")
    accusations = [held.claim.id for held in found.evidence if held.claim.frame == "allegation"]
    return EntityPage(entity=found, charged=register.rows_of(accusations))
