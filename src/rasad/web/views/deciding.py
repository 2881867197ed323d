"""What carries out the decisions of reviewers, which the forms of several pages send. One that cannot be made gives the page again,
with everything as it was typed and what was wrong; one that was made leads on to where the form says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec
from fastapi import Depends
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.register import FilterError, NotFoundError, Review, ReviewError
from rasad.register.review import MeanwhileError
from rasad.web.access.cookies import local
from rasad.web.correcting import changed
from rasad.web.desk import desk
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages
from rasad.web.shell import rendered
from rasad.web.views.deal import opened
from rasad.web.views.review import asked, entity, review

pages = Pages()
LARGEST = 2**20  #: bytes of a form
REASON = 2_000  #: characters of a reason

Typed = dict[str, list[str]]


async def _form(request: Request) -> FormData:
    """What was typed. A form is never long."""
    if int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=2_000)


Form = Annotated[FormData, Depends(_form)]


@pages.router.post("/review/claims/{claim}", include_in_schema=False)
def decide_claim(request: Request, claim: str, form: Form) -> Response:
    """Accepts, rejects or corrects a claim. Fields: ``action``, ``reason``, ``next``, ``seen``; for a correction those of the claim."""
    register = desk(request).register
    shown = register.claim(claim)
    if shown is None:
        raise NotThereError(f"{claim}: there is no such claim; it may have gone when its text was read again")
    stands, seen = shown.standing or shown.claim, str(form.get("seen", ""))

    def decide(action: str, more: dict[str, Any]) -> Review:
        more["seen"] = int(seen) if seen.isdecimal() else None
        if action == "correct":
            return register.correct(claim, changed(register, stands, _typed(form)), **more)
        if action not in ("accept", "reject"):
            raise ReviewError(f"action: {action!r} is not one of accept, reject, correct")
        return (register.accept if action == "accept" else register.reject)(claim, **more)

    def again(error: Exception, typed: Typed) -> PageData:
        page = review(register, claim=claim)
        worth = [page.asked.worth] if page.asked and page.asked.worth else []
        meanwhile = error.line if isinstance(error, MeanwhileError) else None
        return msgspec.structs.replace(
            page, asked=asked(register, claim, worth, typed), problem=str(error), meanwhile=meanwhile,
            reason=(typed.get("reason") or [""])[0],
        )  # fmt: skip

    return _decided(request, form, decide, again, "review.html", "/review")


@pages.router.post("/review/deals/{deal}", include_in_schema=False)
def decide_deal(request: Request, deal: str, form: Form) -> Response:
    """Joins deals, or splits one. Fields: ``action`` (join, split), ``other`` or ``typed`` (an id), ``claims``, ``reason``, ``next``."""
    register = desk(request).register

    def decide(action: str, more: dict[str, Any]) -> Review:
        if action == "join":
            return register.join(deal, register.whole_id(_other(_typed(form))), **more)
        if action == "split":
            return register.split(deal, _typed(form).get("claims", []), **more)
        raise ReviewError(f"action: {action!r} is not one of join, split")

    def again(error: Exception, typed: Typed) -> PageData:
        return msgspec.structs.replace(opened(register, deal), problem=str(error), typed=typed)

    return _decided(request, form, decide, again, "deal.html", f"/deals/{deal}")


def _other(typed: Typed) -> str:
    """The deal that was typed or, where none was, chosen."""
    given = [value.strip() for name in ("typed", "other") for value in typed.get(name, ()) if value.strip()]
    if not given:
        raise ReviewError("with which deal is it one? Choose it, or type its id")
    return given[0]


@pages.router.post("/review/entities/{identifier:path}", include_in_schema=False)
def decide_entity(request: Request, identifier: str, form: Form) -> Response:
    """Merges an entity into another, or parts claims from it. Fields: ``action`` (merge, part), ``into``, ``claims``, ``reason``."""
    register = desk(request).register
    into = str(form.get("into", "")).strip()

    def decide(action: str, more: dict[str, Any]) -> Review:
        if not into:
            raise ReviewError("whom is it one with, or whom do the claims mean? Type a name or an id")
        if action == "merge":
            return register.merge(identifier, register.whole_id(into), **more)
        if action == "part":
            return register.part(identifier, _typed(form).get("claims", []), into, **more)
        raise ReviewError(f"action: {action!r} is not one of merge, part")

    def again(error: Exception, typed: Typed) -> PageData:
        return msgspec.structs.replace(entity(register, identifier), problem=str(error), typed=typed)

    return _decided(request, form, decide, again, "who.html", f"/review/entities/{quote(identifier)}")


@pages.router.post("/review/{number}/undo", include_in_schema=False)
def undo(request: Request, number: int, form: Form) -> Response:
    """Takes a decision back. Fields: ``reason``, ``next``."""
    here = desk(request)
    person = here.require(request, "reviewer")
    return _made(request, form, here.register.undo(number, reviewer=person.name, reason=_reason(form)), "/review/log")


@pages.router.get("/review/claims/{claim}", include_in_schema=False)
@pages.router.get("/review/deals/{deal}", include_in_schema=False)
def back(claim: str = "", deal: str = "") -> RedirectResponse:
    """To the page with the form; here stands only what was sent from it."""
    return RedirectResponse(f"/deals/{quote(deal)}" if deal else f"/review?{urlencode({'claim': claim})}", 303)


def _decided(
    request: Request, form: FormData, decide: Callable[[str, dict[str, Any]], Review], again: Callable[[Exception, Typed], PageData],
    template: str, otherwise: str,
) -> Response:  # fmt: skip
    """Makes a decision; where it cannot be made, gives the page ``again``. ``decide`` takes the action, and who decides and why."""
    person = desk(request).require(request, "reviewer")
    try:
        line = decide(str(form.get("action", "")), {"reviewer": person.name, "reason": _reason(form)})
    except (ReviewError, NotFoundError, FilterError) as error:
        status = 409 if isinstance(error, MeanwhileError) else 400
        return _shown(request, template, again(error, _typed(form)), status, otherwise)
    return _made(request, form, line, otherwise)


def _typed(form: FormData) -> Typed:
    return {name: [str(value) for value in form.getlist(name)] for name in form}


def _reason(form: FormData) -> str:
    reason = str(form.get("reason", "")).strip()
    if len(reason) > REASON:
        raise ReviewError(f"reason: has {len(reason):,} characters; at most {REASON:,} are kept")
    return reason


def _made(request: Request, form: FormData, line: Review, otherwise: str) -> Response:
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


def _shown(request: Request, template: str, data: PageData, status: int, path: str) -> Response:
    """A page with a form that cannot be carried out. ``path``: where the page stands."""
    here = desk(request)
    values = {"data": data, "may": here.person(request).may, "path": path, "asked": {}}
    page = rendered(template, here.language(request), values)
    return Response(here.page(request, page).encode(), status, media_type="text/html; charset=utf-8")
