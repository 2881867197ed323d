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
from starlette.exceptions import HTTPException
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
PASSED_OVER = 64 * 2**20  #: bytes of what is too large that are still taken
WHOLE_TEXTS = "/add/"  #: where more may come
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
Fields = list[tuple[str, str]]
Asking = Callable[[Request, Fields], Response]


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
        body: bytes | None = b""
        if answer is None and scope["method"] not in SAFE and not self._may_send_texts(request):
            body = await _read(receive)
            receive = _again(body or b"", receive)
        answer = answer or await self._not_allowed(request, body)
        await (answer or self.app)(scope, receive, send)

    def _may_send_texts(self, request: Request) -> bool:
        return request.state.person is not None and request.url.path.startswith(WHOLE_TEXTS)

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

    async def _not_allowed(self, request: Request, body: bytes | None) -> Response | None:
        """``body``: what was sent; None for what is larger than a form."""
        person: Person | None = request.state.person
        if person is None and not is_open(request.url.path):
            return await self._unknown(request, body)
        if body is None:
            return self.refuse(request, 413, "error.too_large")
        if person is None or is_open(request.url.path) or allows(person, request.method, request.url.path):
            return None
        return self.refuse(request, 403, "error.not_allowed")

    async def _unknown(self, request: Request, body: bytes | None) -> Response:
        for_people = "text/html" in request.headers.get("accept", "") and shown_token(request) is None
        if for_people and request.method == "GET":
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            if came_from_elsewhere(request):
                return onward(request, asked)
            return RedirectResponse("/login" + ("" if asked == "/" else f"?{urlencode({'next': asked})}"), 303)
        if for_people and body and (typed := await _typed(request.scope, body)):
            return self.ask(request, typed)
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


async def _typed(scope: Scope, body: bytes) -> Fields:
    """The fields of a form without its files; none of what is no form."""
    try:
        form = await Request(scope, _again(body, _nothing)).form(max_part_size=FORM)
    except (HTTPException, KeyError, ValueError):
        return []
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    await form.close()
    return typed


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _read(receive: Receive) -> bytes | None:
    """What a request sends; None where it is larger than a form, or breaks off. A browser shows the answer only when all was taken
    from it, so that much of the rest is passed over."""
    read, size, more = bytearray(), 0, True
    while more and size < PASSED_OVER:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size, more = size + len(part), message.get("more_body", False)
        if size <= FORM:
            read += part
    return bytes(read) if size <= FORM else None


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
