"""Where reviewers decide: the queue of claims by how much a decision would change, the log of all decisions, and what carries them out.

What a decision is worth is told in :mod:`rasad.register.worth`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec
from fastapi import Depends, Query
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.analysis.asked import AskedRegister
from rasad.analysis.embargoed import flagged, watched
from rasad.claims import Claim
from rasad.gazetteer import entities as gazetteer
from rasad.register import FilterError, NotFoundError, Review, ReviewError, Row, ShownClaim, ShownEntity
from rasad.register.database import reading
from rasad.register.log import Decision, latest_on, paged, settled
from rasad.register.review import MeanwhileError
from rasad.register.shown import evidence
from rasad.register.unfolded import Context, context, named_in
from rasad.register.worth import MOST, WEIGHTS, Worth, most_worth
from rasad.reports.near import nearest
from rasad.web.access.cookies import local
from rasad.web.cached import Once, read
from rasad.web.correcting import Input, changed, inputs
from rasad.web.desk import desk
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages
from rasad.web.shell import rendered
from rasad.web.views.deal import opened

pages = Pages()
EACH = 50  #: claims, or lines of the log, on a page
LARGEST = 2**20  #: bytes of a form
REASON = 2_000  #: characters of a reason
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
    return _entity(register, identifier)


def _entity(register: AskedRegister, identifier: str) -> EntityPage:
    found = register.entity(register.whole_id(identifier), EACH)
    if found is None:
        raise NotThereError(f"{identifier}: there is no such entity")
    accusations = [held.claim.id for held in found.evidence if held.claim.frame == "allegation"]
    return EntityPage(entity=found, charged=register.rows_of(accusations))


# Decisions.


async def _form(request: Request) -> FormData:
    """What was typed. A form is never long."""
    if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=2_000)


Form = Annotated[FormData, Depends(_form)]


def _typed(form: FormData) -> dict[str, list[str]]:
    return {name: [str(value) for value in form.getlist(name)] for name in form}


def _reason(form: FormData) -> str:
    reason = str(form.get("reason", "")).strip()
    if len(reason) > REASON:
        raise ReviewError(f"reason: has {len(reason):,} characters; at most {REASON:,} are kept")
    return reason


@pages.router.post("/review/claims/{claim}", include_in_schema=False)
def decide_claim(request: Request, claim: str, form: Form) -> Response:
    """Accepts, rejects or corrects a claim. Fields: ``action``, ``reason``, ``next``, ``seen``; for a correction those of the claim."""
    here = desk(request)
    person = here.require(request, "reviewer")
    register, typed, action = here.register, _typed(form), str(form.get("action", ""))
    shown = register.claim(claim)
    if shown is None:
        raise NotThereError(f"{claim}: there is no such claim; it may have gone when its text was read again")
    seen = str(form.get("seen", ""))
    try:
        more: dict[str, Any] = {
            "reviewer": person.name,
            "reason": _reason(form),
            "seen": int(seen) if seen.isdigit() else None,
        }
        if action == "correct":
            line = register.correct(claim, changed(register, shown.standing or shown.claim, typed), **more)
        elif action in ("accept", "reject"):
            line = (register.accept if action == "accept" else register.reject)(claim, **more)
        else:
            raise ReviewError(f"action: {action!r} is not one of accept, reject, correct")
    except ReviewError as error:
        return _again(request, claim, typed, error)
    return _made(request, form, line)


def _again(request: Request, claim: str, typed: dict[str, list[str]], error: ReviewError) -> Response:
    """The page of a claim with the form as it was filled in, and what was wrong."""
    here = desk(request)
    meanwhile = error.line if isinstance(error, MeanwhileError) else None
    page = review(here.register, claim=claim)
    shown = asked(here.register, claim, [page.asked.worth] if page.asked and page.asked.worth else [], typed)
    data = msgspec.structs.replace(
        page, asked=shown, problem=str(error), meanwhile=meanwhile, reason=(typed.get("reason") or [""])[0]
    )
    return _shown(request, "review.html", data, 409 if meanwhile else 400)


@pages.router.post("/review/deals/{deal}", include_in_schema=False)
def decide_deal(request: Request, deal: str, form: Form) -> Response:
    """Joins deals, or splits one. Fields: ``action`` (join, split), ``other`` or ``typed`` (an id), ``claims``, ``reason``, ``next``."""
    here = desk(request)
    person = here.require(request, "reviewer")
    register, typed, action = here.register, _typed(form), str(form.get("action", ""))
    try:
        more: dict[str, Any] = {"reviewer": person.name, "reason": _reason(form)}
        if action == "join":
            other = next(
                (given.strip() for name in ("typed", "other") for given in typed.get(name, ()) if given.strip()), ""
            )
            if not other:
                raise ReviewError("with which deal is it one? Choose it, or type its id")
            line = register.join(deal, register.whole_id(other), **more)
        elif action == "split":
            line = register.split(deal, typed.get("claims", []), **more)
        else:
            raise ReviewError(f"action: {action!r} is not one of join, split")
    except (ReviewError, NotFoundError, FilterError) as error:
        data = msgspec.structs.replace(opened(register, deal), problem=str(error), typed=typed)
        return _shown(request, "deal.html", data, 400)
    return _made(request, form, line, f"/deals/{deal}")


@pages.router.post("/review/entities/{identifier:path}", include_in_schema=False)
def decide_entity(request: Request, identifier: str, form: Form) -> Response:
    """Merges an entity into another, or parts claims from it. Fields: ``action`` (merge, part), ``into``, ``claims``, ``reason``."""
    here = desk(request)
    person = here.require(request, "reviewer")
    register, typed, action = here.register, _typed(form), str(form.get("action", ""))
    into = str(form.get("into", "")).strip()
    try:
        more: dict[str, Any] = {"reviewer": person.name, "reason": _reason(form)}
        if not into:
            raise ReviewError("whom is it one with, or whom do the claims mean? Type a name or an id")
        if action == "merge":
            line = register.merge(identifier, register.whole_id(into), **more)
        elif action == "part":
            line = register.part(identifier, typed.get("claims", []), into, **more)
        else:
            raise ReviewError(f"action: {action!r} is not one of merge, part")
    except (ReviewError, NotFoundError, FilterError) as error:
        data = msgspec.structs.replace(_entity(register, identifier), problem=str(error), typed=typed)
        return _shown(request, "who.html", data, 400)
    return _made(request, form, line, f"/review/entities/{quote(identifier)}")


@pages.router.post("/review/{number}/undo", include_in_schema=False)
def undo(request: Request, number: int, form: Form) -> Response:
    """Takes a decision back. Fields: ``reason``, ``next``."""
    here = desk(request)
    person = here.require(request, "reviewer")
    line = here.register.undo(number, reviewer=person.name, reason=_reason(form))
    return _made(request, form, line, "/review/log")


def _made(request: Request, form: FormData, line: Review, otherwise: str = "/review") -> Response:
    """Goes on to where the form says, telling which decision was made."""
    here = desk(request)
    here.state(now=True)
    here.note(request, "review", f"{line.id}: {line.action} {line.subject}")
    to = urlsplit(local(str(form.get("next") or otherwise)))
    asks = dict(parse_qsl(to.query))
    if to.path == "/review":
        asks["done"] = str(line.id)
    query = f"?{urlencode(asks)}" if asks else ""
    return RedirectResponse(f"{to.path}{query}{f'#{to.fragment}' if to.fragment else ''}", 303)


def _shown(request: Request, template: str, data: PageData, status: int) -> Response:
    here = desk(request)
    may: Callable[..., bool] = here.person(request).may
    page = rendered(template, here.language(request), {"data": data, "may": may, "path": _page(request), "asked": {}})
    return Response(here.page(request, page).encode(), status, media_type="text/html; charset=utf-8")


def _page(request: Request) -> str:
    """The address of the page that a form stands on."""
    path = request.url.path
    return (
        path.removeprefix("/review")
        if path.startswith("/review/deals/")
        else path
        if "/entities/" in path
        else "/review"
    )
