"""What went wrong, as a page that helps or as JSON, with the status that says so."""

from __future__ import annotations

import logging

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rasad.register import FilterError, NotFoundError, ReviewError, StoreError
from rasad.register.users import UserError
from rasad.web.access.guard import HEADERS
from rasad.web.desk import Desk, RefusedError, desk
from rasad.web.pages import PageData
from rasad.web.shell import rendered
from rasad.web.words import words

log = logging.getLogger("rasad.web")


class NotThereError(LookupError):
    """There is no such thing in the register: the message names it."""


class ErrorPage(PageData, frozen=True, kw_only=True):
    """A status with what it means, and what was wrong."""

    status: int
    title: str
    message: str


def shown(here: Desk, request: Request, status: int, key: str, message: str = "") -> Response:
    """The page for a status; ``key`` names its words in the catalogue, ``message`` says what exactly was wrong."""
    code = here.language(request)
    said = words(code)
    title = said(f"status.{status}") if said.has(f"status.{status}") else said("status.other")
    told = ErrorPage(status=status, title=title, message=message or said(key))
    if request.url.path.endswith((".json", ".csv")) or "text/html" not in request.headers.get("accept", "text/html"):
        return Response(msgspec.json.encode(told), status, media_type="application/json")
    page = rendered("error.html", code, {"data": told})
    return Response(here.page(request, page), status, media_type="text/html; charset=utf-8")


def add_errors(app: FastAPI) -> None:
    """Gives every way to fail its page."""

    def told(status: int, key: str = "") -> object:
        def answer(request: Request, error: Exception) -> Response:
            return shown(desk(request), request, status, key, str(error) if not key else "")

        return answer

    for kind, status in ((ReviewError, 400), (UserError, 400), (NotFoundError, 404), (NotThereError, 404)):
        app.add_exception_handler(kind, told(status))  # type: ignore[arg-type]

    @app.exception_handler(FilterError)
    def _nameless(request: Request, error: FilterError) -> Response:
        """What a query names wrongly means nothing; what the address itself names is not there."""
        return shown(desk(request), request, 400 if request.url.query else 404, "", str(error))

    @app.exception_handler(RefusedError)
    def _refused(request: Request, error: RefusedError) -> Response:
        return shown(desk(request), request, 403, str(error))

    @app.exception_handler(StoreError)
    def _store(request: Request, error: StoreError) -> Response:
        log.error("%s", error)
        return shown(desk(request), request, 503, "error.store")

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return shown(desk(request), request, 422, "", f"{first['loc'][-1]}: {first['msg']}")

    @app.exception_handler(HTTPException)
    def _plain(request: Request, error: HTTPException) -> Response:
        key = {404: "error.no_page", 405: "error.method"}.get(error.status_code, "error.other")
        return shown(desk(request), request, error.status_code, key)

    @app.exception_handler(Exception)
    def _fault(request: Request, _: Exception) -> Response:
        answer = shown(desk(request), request, 500, "error.fault")
        answer.headers.update(HEADERS)  # it goes out before the guard, which failed with the rest
        return answer
