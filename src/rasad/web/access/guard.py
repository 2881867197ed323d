"""What stands before every page: who asks, from where, whether they may, and what the page may load.

*Other sites.* A request that changes something has to come from a page of the desk: browsers say so themselves (``Sec-Fetch-Site``;
``Origin`` or ``Referer`` in older ones), and the cookies are not sent along from elsewhere (``SameSite=Strict``). The log-in is no
exception, so that nobody is logged in as somebody else. Programs show a token, for which the cookies of a request do not count; no
other site can make a browser show one. https://www.w3.org/TR/fetch-metadata/

*Names.* Only the names of the desk are answered, so that no other site can have its own name point here (DNS rebinding).

*Sizes.* What is sent is read to the end here, and refused where it is larger than a form; the page that takes whole texts looks itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rasad.register import StoreError
from rasad.web.access import Door, Person
from rasad.web.access.cookies import came_from_elsewhere, onward, shown_token
from rasad.web.access.rules import SAFE, allows, is_open
from rasad.web.settings import Settings

log = logging.getLogger("rasad.web")
FORM = 2**20  #: bytes of a form at the most
WHOLE_TEXTS = ("/add", "/add.json")  #: where more may come
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
Asking = Callable[[Request, str], Response]


class Guard:
    """Middleware that answers what may not go on, and leaves who asks in ``request.state.person``."""

    def __init__(self, app: ASGIApp, door: Door, settings: Settings, refuse: Refusal, ask: Asking) -> None:
        """``refuse`` makes the page for a status and the key of its words; ``ask`` the one that asks somebody to log in who sent a
        form, which is kept."""
        self.app = app
        self.door = door
        self.settings = settings
        self.refuse = refuse
        self.ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets pass."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        send = _with_headers(send, self.settings.secure)
        if scope["method"] in SAFE:
            scope["query_string"] = _asked(scope["query_string"])
        request = Request(scope, receive)
        request.state.person = None
        answer = self._not_here(request) or await self._entering(request)
        body = b""
        if answer is None and scope["method"] not in SAFE and scope["path"] not in WHOLE_TEXTS:
            given = await _read(receive)
            answer, body = (self.refuse(request, 413, "error.too_large"), b"") if given is None else (None, given)
            receive = _again(body, receive)
        answer = answer or self._not_allowed(request, body)
        await (answer or self.app)(scope, receive, send)

    def _not_here(self, request: Request) -> Response | None:
        if _host(request.headers.get("host", "")) not in self.settings.hosts:
            return self.refuse(request, 421, "error.host")
        if request.method not in SAFE and not _from_here(request, self.settings.secure):
            return self.refuse(request, 403, "error.other_site")
        return None

    async def _entering(self, request: Request) -> Response | None:
        try:
            entered = self.door.enter(request)
            request.state.person = await self.door.person(request)
        except StoreError as error:
            log.error("%s", error)
            return self.refuse(request, 503, "error.store")
        return entered

    def _not_allowed(self, request: Request, body: bytes) -> Response | None:
        person: Person | None = request.state.person
        if is_open(request.url.path):
            return None
        if person is not None:
            allowed = allows(person, request.method, request.url.path)
            return None if allowed else self.refuse(request, 403, "error.not_allowed")
        for_people = "text/html" in request.headers.get("accept", "") and shown_token(request) is None
        if for_people and request.method == "GET":
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            if came_from_elsewhere(request):
                return onward(request, asked)
            return RedirectResponse("/login" + ("" if asked == "/" else f"?{urlencode({'next': asked})}"), 303)
        if for_people and request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return self.ask(request, body.decode(errors="replace"))
        refusal = self.refuse(request, 401, "error.unknown_person" if self.door.own else "error.logged_out")
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal


def _asked(query: bytes) -> bytes:
    """A query without the fields of a form that were left empty."""
    return b"&".join(part for part in query.split(b"&") if part and not part.endswith(b"="))


def _host(given: str) -> str:
    """The name of a ``Host`` header, without the port."""
    name, _, port = given.lower().rpartition(":")
    return name if name and port.isdigit() else given.lower()


def _from_here(request: Request, secure: bool) -> bool:
    """Whether a request that changes something comes from a page of the desk, or from a program with a token of its own."""
    headers = request.headers
    if shown_token(request) is not None:
        return True
    if (site := headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    from_page = urlsplit(headers.get("origin") or headers.get("referer", ""))
    return (from_page.scheme, from_page.netloc) == ("https" if secure else "http", headers.get("host"))


async def _read(receive: Receive) -> bytes | None:
    """What a request sends; None where it is larger than a form, or breaks off."""
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if len(read) > FORM or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body"):
            return bytes(read)


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read is received once more."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return left.pop() if left else await receive()

    return received


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
