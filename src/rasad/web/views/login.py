"""In and out: the page where people say who they are. What somebody sent after their session had ended is kept on it, and can be sent
again once they are in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.web.access import NotAdmittedError
from rasad.web.access.cookies import local
from rasad.web.desk import Desk, desk
from rasad.web.pages import PageData, Pages, fresh
from rasad.web.words import words

pages = Pages()
KEPT = 700_000  #: bytes of a form that a page keeps; what a field may have that is sent in parts is a megabyte


class LoginPage(PageData, frozen=True, kw_only=True):
    """``next``: where to go on. ``kept``: the fields of a form as JSON, to be sent to ``action``. ``problem``: why it did not work, in
    words."""

    own: bool
    next: str = "/"
    name: str = ""
    kept: str = ""
    action: str = ""
    problem: str = ""


class KeptPage(PageData, frozen=True, kw_only=True):
    """The form that was kept: name and value of each field."""

    action: str
    next: str
    fields: list[tuple[str, str]]


@pages.router.get("/login", include_in_schema=False)
def login(request: Request, next: str = "/") -> Response:  # noqa: A002
    """Asks who it is; who is known goes on."""
    if request.state.person is not None:
        return RedirectResponse(local(next), 303)
    return fresh(request, "html", "login.html", LoginPage(own=desk(request).door.own, next=local(next)))


@pages.router.post("/login", include_in_schema=False)
def enter(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next_: Annotated[str, Form(alias="next")] = "/",
    kept: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "",
) -> Response:
    """Lets somebody in, or says why not."""
    here = desk(request)
    asked = LoginPage(own=here.door.own, next=local(next_), name=name, kept=kept, action=local(action))
    answer = _resumed(request, asked) if kept else RedirectResponse(asked.next, 303)
    try:
        here.door.admit(request, name, password, answer)
    except NotAdmittedError as refused:
        return _again(here, request, asked, refused)
    return answer


@pages.router.post("/logout", include_in_schema=False)
def leave(request: Request) -> Response:
    """Lets somebody out."""
    answer = RedirectResponse("/login", 303)
    desk(request).door.leave(request, answer)
    return answer


def asked_again(here: Desk, request: Request, typed: list[tuple[str, str]]) -> Response:
    """The page for somebody who sent a form and is not known any more. What was typed about an account is not kept: it may be a
    password."""
    path = request.url.path
    before = urlsplit(request.headers.get("referer", ""))
    back = local(before.path + (f"?{before.query}" if before.query else "")) if before.path else "/"
    kept = "" if path.startswith("/account") else msgspec.json.encode(typed).decode()
    lost = len(kept.encode()) > KEPT
    problem = words(here.language(request))("error.logged_out" if lost else "login.over")
    data = LoginPage(own=here.door.own, next=back, kept="" if lost else kept, action=path, problem=problem)
    return fresh(request, "html", "login.html", data, 401)


def _again(here: Desk, request: Request, asked: LoginPage, refused: NotAdmittedError) -> Response:
    problem = words(here.language(request))(str(refused), n=refused.wait or None)
    told = LoginPage(
        own=asked.own, next=asked.next, name=asked.name[:100], kept=asked.kept, action=asked.action, problem=problem
    )
    answer = fresh(request, "html", "login.html", told, 429 if refused.wait else 401)
    if refused.wait:
        answer.headers["Retry-After"] = str(refused.wait)
    return answer


def _resumed(request: Request, asked: LoginPage) -> Response:
    try:
        fields = msgspec.json.decode(asked.kept, type=list[tuple[str, str]])
    except msgspec.DecodeError:
        return RedirectResponse(asked.next, 303)
    return fresh(request, "html", "kept.html", KeptPage(action=asked.action, next=asked.next, fields=fields))
