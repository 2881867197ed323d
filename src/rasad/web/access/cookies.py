"""What a browser keeps and shows again, and how it is sent on once it is known."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rasad.web.settings import Settings


def named(cookie: str, request: Request, settings: Settings) -> str:
    """The name of a cookie here. Over HTTPS with ``__Host-``, so that no neighbouring site can set it; else with the port, as
    browsers keep the cookies of all ports of a machine together. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis"""
    return f"__Host-{cookie}" if settings.secure else f"{cookie}_{request.url.port or 80}"


def remember(
    answer: Response, cookie: str, value: str, request: Request, settings: Settings, seconds: int | None = None
) -> None:
    """The browser shows ``value`` from now on, to this site alone; for some time, or until it is closed."""
    answer.set_cookie(
        named(cookie, request, settings), value, max_age=seconds, httponly=True, samesite="strict", secure=settings.secure
    )  # fmt: skip


def forget(answer: Response, cookie: str, request: Request, settings: Settings) -> None:
    """The browser shows it no more."""
    answer.delete_cookie(
        named(cookie, request, settings), httponly=True, samesite="strict", secure=settings.secure
    )  # fmt: skip


def shown_token(request: Request) -> str | None:
    """The token that a program shows (RFC 6750)."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def came_from_elsewhere(request: Request) -> bool:
    """Whether a link on another site led here: then the browser keeps back the cookies of this one (``SameSite=Strict``)."""
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def onward(request: Request, address: str) -> Response:
    """To an address of the desk. Whom another site led here goes on from a page of the desk, with the cookies."""
    address = local(address)
    if not came_from_elsewhere(request):
        return RedirectResponse(address, 303)
    to = escape(address)
    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={to}"><title>Rasad</title><a href="{to}">Rasad</a>'
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def local(address: str) -> str:
    """An address of the desk; of any other place, the first page."""
    inside = address.startswith("/") and address[1:2] not in ("/", "\\") and all(letter > " " for letter in address)
    return address if inside else "/"
