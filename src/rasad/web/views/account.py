"""What a person decides for themselves: language and look, password, sessions, tokens for programs."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.register import sessions, users
from rasad.register.sessions import Session, Token
from rasad.register.users import Role
from rasad.web.access import NotAdmittedError, passwords
from rasad.web.access.accounts import Accounts
from rasad.web.access.cookies import local
from rasad.web.access.passwords import PasswordError
from rasad.web.desk import THEMES, desk
from rasad.web.pages import PageData, Pages, fresh
from rasad.web.words import codes, words

pages = Pages()
YEAR = 365 * 24 * 3600
PROGRAMS = (
    "Firefox",
    "Edg",
    "OPR",
    "Chrome",
    "Safari",
)  #: in this order, as the later ones are named by the earlier too
NAMED = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
DAYS = (30, 90, 365)  #: for which a token may be good

Done = Literal["", "password", "session", "token"]


class AccountPage(PageData, frozen=True, kw_only=True):
    """Who somebody is at the desk. ``session``: the key of the one they are in; ``made``: a new token, which is shown once;
    ``problem``: why something was not done, in words."""

    name: str
    role: Role
    own: bool
    session: str = ""
    sessions: tuple[Session, ...] = ()
    tokens: tuple[Token, ...] = ()
    made: str = ""
    done: Done = ""
    problem: str = ""


@pages.router.get("/account", include_in_schema=False)
def account(request: Request, done: Done = "") -> Response:
    """One's own account."""
    return _account(request, done=done)


@pages.router.post("/account/password", include_in_schema=False)
def change_password(
    request: Request,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Another password: every session ends, and one begins here."""
    here = desk(request)
    if not isinstance(door := here.door, Accounts):
        return RedirectResponse("/account", 303)
    by = here.by(request)
    said = words(here.language(request))
    try:
        if new != again:
            raise PasswordError("password.differ")
        passwords.checked(new, by.who)
        door.check(request, by.who, old)
    except PasswordError as error:
        return _account(request, 400, problem=said(str(error), n=passwords.SHORTEST))
    except NotAdmittedError as error:
        key = str(error) if error.wait else "password.old_wrong"
        return _account(request, 429 if error.wait else 400, problem=said(key, n=error.wait or None))
    users.set_password(here.register.engine, by.who, passwords.hashed(new), by)
    answer = RedirectResponse("/account?done=password", 303)
    door.begin(request, by.who, answer)
    return answer


@pages.router.post("/account/sessions/end", include_in_schema=False)
def end_session(request: Request, key: Annotated[str, Form()] = "") -> Response:
    """Ends another session of one's own."""
    here = desk(request)
    sessions.end(here.register.engine, key, here.by(request))
    return RedirectResponse("/account?done=session", 303)


@pages.router.post("/account/tokens", include_in_schema=False)
def add_token(
    request: Request,
    name: Annotated[str, Form(max_length=sessions.LABEL)] = "",
    role: Annotated[Role, Form()] = "reader",
    days: Annotated[int | None, Form(ge=1, le=3650)] = None,
) -> Response:
    """A new token, which is shown on the page that answers and never again."""
    here = desk(request)
    by = here.by(request)
    if here.door.own:
        return RedirectResponse("/account", 303)
    made = sessions.add_token(here.register.engine, name, role, by, of=by.who, days=days)
    return _account(request, made=made)


@pages.router.post("/account/tokens/end", include_in_schema=False)
def end_token(request: Request, key: Annotated[str, Form()] = "") -> Response:
    """Ends a token of one's own."""
    here = desk(request)
    sessions.end_token(here.register.engine, key, here.by(request))
    return RedirectResponse("/account?done=token", 303)


@pages.router.post("/preferences", include_in_schema=False)
def preferences(
    request: Request,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    next_: Annotated[str, Form(alias="next")] = "/",
) -> RedirectResponse:
    """Keeps a choice in the browser and goes back to where it was made."""
    answer = RedirectResponse(local(next_), status_code=303)
    secure = desk(request).settings.secure
    for cookie, value, known in (("rasad_language", language, codes()), ("rasad_theme", theme, THEMES)):
        if value in known:
            answer.set_cookie(cookie, value, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


def _account(request: Request, status: int = 200, **told: object) -> Response:
    here = desk(request)
    person = here.person(request)
    data = AccountPage(name=person.name, role=person.role, own=here.door.own)
    if not here.door.own:
        engine = here.register.engine
        going, tokens = sessions.of_person(engine, person.name), sessions.tokens_of(engine, person.name)
        data = msgspec.structs.replace(data, session=person.session, sessions=tuple(going), tokens=tuple(tokens))
    told_data = msgspec.structs.replace(data, **told)
    browsers = {one.key: browser_of(one.browser) for one in data.sessions}
    return fresh(request, "html", "account.html", told_data, status, days=DAYS, roles=users.ROLES, browsers=browsers)


def browser_of(agent: str) -> str:
    """What a browser calls itself, shortened: ``Firefox 128, Windows``. What is no browser that is known, as it stands."""
    program = next((found for name in PROGRAMS if (found := re.search(rf"({name})/(\d+)", agent))), None)
    if program is None:
        return agent[:60]
    system = next((name for name in SYSTEMS if name in agent), None)
    named = f"{NAMED.get(program[1], program[1])} {program[2]}"
    return f"{named}, {system}" if system else named
