"""The accounts of a desk, for who administers it, and the log of what was done at it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from fastapi import Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.analysis.asked import AskedRegister
from rasad.register import audit, users
from rasad.register.audit import ACTIONS, Line
from rasad.register.users import ROLES, Role, User, UserError
from rasad.web.access import passwords
from rasad.web.desk import RefusedError, desk
from rasad.web.pages import PageData, Pages, fresh

pages = Pages()


class UsersPage(PageData, frozen=True, kw_only=True):
    """Every account. ``name`` and ``password``: of the one that was just made, or was given another password; it is shown once."""

    TABLE: ClassVar[str] = "users"

    users: list[User]
    roles: tuple[Role, ...] = ROLES
    name: str = ""
    password: str = ""
    problem: str = ""


class AuditPage(PageData, frozen=True, kw_only=True):
    """What was done, the latest first. ``earlier``: the number before which more is, None where that is all."""

    TABLE: ClassVar[str] = "lines"

    lines: list[Line]
    actions: tuple[str, ...] = ACTIONS
    earlier: int | None = None


@pages.page("/account/users", template="users.html", role="admin", kept=False)
def accounts(register: AskedRegister) -> UsersPage:
    """Who has an account, with which role."""
    return UsersPage(users=users.listed(register.engine))


@pages.router.post("/account/users", include_in_schema=False)
def add(request: Request, name: Annotated[str, Form()] = "", role: Annotated[Role, Form()] = "reader") -> Response:
    """A new account, with a password that is shown on the page that answers and never again."""
    here = desk(request)
    here.require(request, "admin")
    engine, password = here.register.engine, passwords.made()
    try:
        made = users.add(engine, name, passwords.hashed(password), role, here.by(request))
    except UserError as error:
        return _users(request, 400, problem=str(error), name=name[: users.LONGEST])
    return _users(request, name=made.name, password=password)


@pages.router.post("/account/users/{name}", include_in_schema=False)
def change(
    request: Request,
    name: str,
    action: Annotated[Literal["role", "password", "disable", "enable"], Form()],
    role: Annotated[Role, Form()] = "reader",
) -> Response:
    """Another role, a new password, closed or opened again. Nobody does this to themselves, so that an administrator is left."""
    here = desk(request)
    here.require(request, "admin")
    engine, by = here.register.engine, here.by(request)
    if not here.door.own and name == by.who:
        raise RefusedError("users.not_oneself")
    if action == "password":
        password = passwords.made()
        users.set_password(engine, name, passwords.hashed(password), by)
        return _users(request, name=name, password=password)
    if action == "role":
        users.set_role(engine, name, role, by)
    else:
        users.set_disabled(engine, name, action == "disable", by)
    return RedirectResponse("/account/users", 303)


@pages.page("/account/audit", template="audit.html", role="admin", kept=False)
def log(
    register: AskedRegister,
    who: Annotated[str | None, Query(max_length=users.LONGEST)] = None,
    action: audit.Action | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> AuditPage:
    """Who did what at the desk, when, and from where. ``who``: one person; ``action``: one sort of thing; ``before``: lines with a
    smaller number."""
    found = audit.lines(register.engine, who and who.replace("\0", ""), action, before, audit.PAGE + 1)
    more = found[audit.PAGE - 1].id if len(found) > audit.PAGE else None
    return AuditPage(lines=found[: audit.PAGE], earlier=more)


def _users(request: Request, status: int = 200, *, name: str, password: str = "", problem: str = "") -> Response:
    listed = users.listed(desk(request).register.engine)
    data = UsersPage(users=listed, name=name, password=password, problem=problem)
    return fresh(request, "html", "users.html", data, status)
