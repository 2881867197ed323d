"""What stands before every page: who asks, from where, and what the page may load.

*Other sites.* A request that changes something has to come from a page of the desk: browsers say so themselves (``Sec-Fetch-Site``,
or ``Origin`` in older ones), and the cookies are not sent along from elsewhere (``SameSite=Strict``). Programs, which send neither,
show an API token and no cookie. https://www.w3.org/TR/fetch-metadata/

*Names.* Only the names of the desk are answered, so that no other site can have its own name point here (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rasad.web.access import Door
from rasad.web.settings import Settings

PUBLIC = ("/assets/", "/login", "/preferences", "/healthy")
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Refusal = Callable[[Request, int, str], Response]


class Guard:
    """Middleware that answers what may not go on, and leaves who asks in ``request.state.person``."""

    def __init__(self, app: ASGIApp, door: Door, settings: Settings, refuse: Refusal) -> None:
        """``refuse`` makes the page for a status and the key of its words."""
        self.app = app
        self.door = door
        self.settings = settings
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] in SAFE:
            scope["query_string"] = _asked(scope["query_string"])
        request = Request(scope, receive)
        answer: ASGIApp = self._instead(request) or self.app
        await answer(scope, receive, _with_headers(send, self.settings.secure))

    def _instead(self, request: Request) -> Response | None:
        request.state.person = None
        if _host(request.headers.get("host", "")) not in self.settings.hosts:
            return self.refuse(request, 421, "error.host")
        if request.method not in SAFE and not _from_here(request):
            return self.refuse(request, 403, "error.other_site")
        if (entered := self.door.enter(request)) is not None:
            return entered
        request.state.person = self.door.person(request)
        if request.state.person is not None or request.url.path.startswith(PUBLIC):
            return None
        if request.method in SAFE and "text/html" in request.headers.get("accept", ""):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse("/login" + ("" if asked == "/" else f"?{urlencode({'next': asked})}"), 303)
        return self.refuse(request, 401, "error.unknown_person")


def _asked(query: bytes) -> bytes:
    """A query without the fields of a form that were left empty."""
    return b"&".join(part for part in query.split(b"&") if part and not part.endswith(b"="))


def _host(given: str) -> str:
    """The name of a ``Host`` header, without the port."""
    name, _, port = given.rpartition(":")
    return name if name and port.isdigit() else given


def _from_here(request: Request) -> bool:
    """Whether a request that changes something comes from a page of the desk, or from a program with a token of its own."""
    headers = request.headers
    if headers.get("authorization", "").startswith("Bearer ") and "cookie" not in headers:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host")


def _with_headers(send: Send, secure: bool) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Any = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await send(message)

    return sent
