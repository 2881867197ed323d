"""The door of an own machine: one person, who shows the token that the program printed when it started.

The token is new with every start and opens the desk for as long as the program runs, in as many browsers as its owner has, as that of
Jupyter does (https://jupyter-server.readthedocs.io/en/latest/operators/security.html). It leaves the address at once and stays in no
history. What ``--open`` hands to the browser stands in the list of processes, which others on the machine may read; so that is
another token, good once.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from rasad.web.access import NotAdmittedError, Person
from rasad.web.access.cookies import forget, named, onward, remember, shown_token
from rasad.web.settings import Settings

COOKIE = "rasad_own"


class OwnMachine:
    """Lets in who came with the token, and knows that browser again until the program ends."""

    own = True

    def __init__(self, settings: Settings) -> None:
        """Takes settings with a token and a secret."""
        assert settings.token
        self._settings = settings
        self._token = settings.token
        self._known = hmac.new(settings.secret.encode(), b"session", hashlib.sha256).hexdigest()
        self._name = local_user()

    async def person(self, request: Request) -> Person | None:
        """The one person, where the browser is known, or a program shows the token (``Authorization: Bearer``)."""
        if (token := shown_token(request)) is not None:
            return Person(self._name, "admin", "token") if _same(token, self._token) else None
        shown = request.cookies.get(named(COOKIE, request, self._settings), "")
        return Person(self._name, "admin") if _same(shown, self._known) else None

    def enter(self, request: Request) -> Response | None:
        """To the same address without the token."""
        given = request.query_params.get("token")
        if given is None or request.method != "GET" or not (_same(given, self._token) or self._once(given)):
            return None
        rest = urlencode([(key, value) for key, value in request.query_params.multi_items() if key != "token"])
        answer = onward(request, request.url.path + (f"?{rest}" if rest else ""))
        remember(answer, COOKIE, self._known, request, self._settings)
        return answer

    def admit(self, request: Request, _: str, secret: str, answer: Response) -> None:
        """Lets in who typed the token. Raises NotAdmittedError."""
        if not _same(secret.strip(), self._token):
            raise NotAdmittedError("login.wrong_token")
        remember(answer, COOKIE, self._known, request, self._settings)

    def leave(self, request: Request, answer: Response) -> None:
        """The browser forgets; the token stays good."""
        forget(answer, COOKIE, request, self._settings)

    def _once(self, given: str) -> bool:
        """Whether it is the token that is good once: its file goes with the first use, in whichever process that is."""
        ticket = Path(self._settings.ticket)
        try:
            if not self._settings.ticket or not _same(given, ticket.read_text("ascii")):
                return False
            ticket.unlink()
        except FileNotFoundError:
            return False
        return True


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), known.encode())


def local_user() -> str:
    """Who is logged in at this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"
