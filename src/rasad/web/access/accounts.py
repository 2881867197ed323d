"""The door of a server: people log in with a name and a password, programs show a token."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from rasad.register import attempts, audit, sessions, users
from rasad.register.audit import By
from rasad.register.sessions import Known
from rasad.web.access import NotAdmittedError, Person, passwords
from rasad.web.access.cookies import forget, named, remember, shown_token
from rasad.web.settings import Settings

COOKIE = "rasad_session"
THREADS = 4  #: requests at once of which it is looked up who asks; pages have threads of their own


class Accounts:
    """Lets in who has an account, and knows them again by their session."""

    own = False

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Takes the engine of the register that has the accounts."""
        self._engine = engine
        self._settings = settings
        self._limiter: CapacityLimiter | None = None

    async def person(self, request: Request) -> Person | None:
        """Whose session or token it is."""
        token = shown_token(request)
        secret = token if token is not None else request.cookies.get(named(COOKIE, request, self._settings))
        if not secret:
            return None
        self._limiter = self._limiter or CapacityLimiter(THREADS)
        find = sessions.of_session if token is None else sessions.of_token
        known: Known | None = await to_thread.run_sync(find, self._engine, secret, limiter=self._limiter)
        if known is None:
            return None
        return Person(known.person, known.role, "session" if token is None else "token", known.key)

    def enter(self, _: Request) -> None:
        """Nobody comes in by an address."""

    def admit(self, request: Request, name: str, secret: str, answer: Response) -> None:
        """Begins a session for who knows the password; another one of the same browser ends. Raises NotAdmittedError."""
        name = self.check(request, name, secret)
        self._end(request, By(name, address_of(request)))
        self.begin(request, name, answer)

    def check(self, request: Request, name: str, secret: str) -> str:
        """The name of the account that a password opens. Raises NotAdmittedError, in the same words and after the same time whether
        there is such an account or not."""
        name, origin = _plain(name), address_of(request)
        these = attempts.tried(name, origin)
        if wait := attempts.count(self._engine, these):
            raise NotAdmittedError("login.too_often", wait)
        kept = users.password_of(self._engine, name)
        if not passwords.fits(secret, kept):
            # a name without an account may be a password in the wrong field
            audit.note(self._engine, By("", origin), "login_failed", name if kept is not None else "")
            raise NotAdmittedError("login.wrong")
        attempts.forgive(self._engine, these)
        return name

    def begin(self, request: Request, name: str, answer: Response) -> None:
        """A new session in this browser."""
        by = By(name, address_of(request))
        secret = sessions.begin(self._engine, by, request.headers.get("user-agent", ""))
        seconds = int(sessions.LONGEST.total_seconds())
        remember(answer, COOKIE, secret, request, self._settings, seconds)

    def leave(self, request: Request, answer: Response) -> None:
        """Ends the session."""
        person: Person = request.state.person
        self._end(request, By(person.name, address_of(request)))
        forget(answer, COOKIE, request, self._settings)

    def _end(self, request: Request, by: By) -> None:
        if secret := request.cookies.get(named(COOKIE, request, self._settings)):
            sessions.log_out(self._engine, secret, by)


def _plain(name: str) -> str:
    try:
        return users.written(name)
    except users.UserError:
        return ""


def address_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""
