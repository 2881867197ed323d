"""The desk that runs: its register, its door, what it has made already."""

from __future__ import annotations

import logging
from threading import Lock
from time import monotonic
from typing import cast

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from rasad.analysis.asked import AskedRegister, open_register
from rasad.register import StoreError, audit
from rasad.register.audit import By
from rasad.register.state import Version, version
from rasad.web.access import Door, Person, Role
from rasad.web.access.accounts import Accounts, address_of
from rasad.web.access.own import OwnMachine
from rasad.web.adding import Jobs
from rasad.web.cached import Kept
from rasad.web.settings import Settings
from rasad.web.shell import Rendered, framed
from rasad.web.words import codes, preferred

log = logging.getLogger("rasad.web")
THEMES = ("auto", "light", "dark")
FRESH = 0.2  #: seconds in which the state of the register is not asked for again


class RefusedError(Exception):
    """This person may not do this."""


class Desk:
    """One register with everything that pages need, for as long as the program runs."""

    def __init__(self, settings: Settings) -> None:
        """Opens the register. Raises StoreError where it cannot be used."""
        self.settings = settings
        self.register: AskedRegister = open_register(settings.register)
        self.door: Door = OwnMachine(settings) if settings.token else Accounts(self.register.engine, settings)
        self.kept = Kept()
        self.jobs = Jobs(settings, self.register)
        self._state: tuple[float, Version] = (0.0, (0, 0, 0))
        self._lock = Lock()
        self._looking: CapacityLimiter | None = None  # made where the desk runs

    def state(self, *, now: bool = False) -> Version:
        """The state of the register; at most :data:`FRESH` seconds old, or that of ``now``."""
        with self._lock:
            if now or monotonic() - self._state[0] > FRESH:
                self._state = (monotonic(), version(self.register))
            return self._state[1]

    async def present(self) -> Version:
        """The state of the register, looked up in a thread of its own: it does not wait for pages that are made."""
        taken, state = self._state
        if monotonic() - taken <= FRESH:
            return state
        self._looking = self._looking or CapacityLimiter(1)
        return await to_thread.run_sync(self.state, limiter=self._looking)

    def person(self, request: Request) -> Person:
        """Who asks. Raises RefusedError where nobody is known to."""
        person = request.state.person
        if person is None:
            raise RefusedError("error.unknown_person")
        return cast("Person", person)

    def require(self, request: Request, role: Role) -> Person:
        """Who asks, if they have the role. Raises RefusedError."""
        person = self.person(request)
        if not person.may(role):
            raise RefusedError("error.not_allowed")
        return person

    def by(self, request: Request) -> By:
        """Who asks, and from where, for the log of the desk."""
        return By(self.person(request).name, address_of(request))

    def note(self, request: Request, action: audit.Action, subject: str = "") -> None:
        """Writes into the log of the desk that something was done. What was done is done: where the log cannot be written, the
        program's own log has the line."""
        by = self.by(request)
        try:
            audit.note(self.register.engine, by, action, subject)
        except StoreError as error:
            log.error("%s; not in the log of the desk: %s from %s, %s %s", error, *by, action, subject)

    def language(self, request: Request) -> str:
        """The language of the interface: as chosen, else as the browser prefers."""
        chosen = request.cookies.get("rasad_language", "")
        return chosen if chosen in codes() else preferred(request.headers.get("accept-language", ""))

    def page(self, request: Request, page: Rendered) -> str:
        """A page within the frame, for who asks."""
        theme = request.cookies.get("rasad_theme", "")
        return framed(
            page,
            self.language(request),
            {
                "person": request.state.person,
                "path": request.url.path,
                "search": request.query_params.get("q", "") if request.url.path == "/search" else "",
                "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
                "theme": theme if theme in THEMES else "auto",
                "themes": THEMES,
                "register": self.settings.register.rpartition("/")[2],
            },
        )


def desk(request: Request) -> Desk:
    """The desk that a request is made to."""
    return cast("Desk", request.app.state.desk)
