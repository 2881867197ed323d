"""The door of an own machine: one person, who shows the token that the program printed when it started."""

from __future__ import annotations

import getpass
import hashlib
import hmac
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.web.access import Person
from rasad.web.settings import Settings

COOKIE = "rasad_own"


class OwnMachine:
    """Lets in who came with the token, and knows that browser again until the program ends."""

    def __init__(self, settings: Settings) -> None:
        """Takes settings with a token and a secret."""
        assert settings.token
        self._settings = settings
        self._token = settings.token
        self._known = hmac.new(settings.secret.encode(), b"session", hashlib.sha256).hexdigest()
        self._person = Person(_user(), "admin")

    def person(self, request: Request) -> Person | None:
        """The one person, where the browser is known."""
        shown = request.cookies.get(COOKIE, "")
        return self._person if hmac.compare_digest(shown.encode(), self._known.encode()) else None

    def enter(self, request: Request) -> Response | None:
        """To the same address without the token, which stays in no history."""
        given = request.query_params.get("token")
        if given is None or not hmac.compare_digest(given.encode(), self._token.encode()):
            return None
        rest = urlencode([(key, value) for key, value in request.query_params.multi_items() if key != "token"])
        answer = RedirectResponse(request.url.path + (f"?{rest}" if rest else ""), status_code=303)
        answer.set_cookie(COOKIE, self._known, httponly=True, samesite="strict", secure=self._settings.secure, path="/")
        return answer


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"
