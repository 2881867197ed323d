"""Claims and reports made by hand, for registers whose every number a test can work out."""

from __future__ import annotations

from hashlib import sha256
from itertools import count
from typing import Any

from rasad import Document
from rasad.claims import Claim, Evidence, Filler, Speaker
from rasad.register.store import Read

NUMBERS = count()


def claim(frame: str, by: str | None = None, words: str = "So it is said.", **said: Any) -> Claim:
    """A claim of somebody; whatever names an entity, or several with spaces between, is a role, all else an attribute."""
    roles = {name: value for name, value in said.items() if isinstance(value, str) and ":" in value}
    attributes = {name: value for name, value in said.items() if name not in roles}
    standard = {
        "stage": None, "certainty": "asserted", "polarity": "positive", "quantity": None, "value": None, "year": None, "time": None,
    }  # fmt: skip
    number = next(NUMBERS)
    start = 5 * number % 300  # words of its own: a review holds for all that is made of the same words
    return Claim(
        id=f"c-{number:016x}", document="", language="en", frame=frame, evidence=Evidence(start, start + 4, words), confidence=0.9,
        roles={role: [_filler(entity) for entity in held.split()] for role, held in roles.items()},
        attribution=[Speaker(id=by, name=_name(by), kind="person")] if by else [], **(standard | attributes),
    )  # fmt: skip


def report(published: str | None, *claims: Claim, text: str | None = None, outlet: str | None = None) -> Read:
    """A text of its own, unless one is given, that makes these claims."""
    number = next(NUMBERS)
    own = " ".join(sha256(f"{number} {part}".encode()).hexdigest()[:7] for part in range(40))
    document = Document(name=f"{number}.txt", text=text or own, language="en", published=published, outlet=outlet)
    return Read(document, "made-1", list(claims))


def _filler(entity: str) -> Filler:
    identifier, _, country = entity.partition("@")
    state = identifier.removeprefix("country:") if identifier.startswith("country:") else country or None
    return Filler(id=identifier, name=_name(identifier), text="So", start=0, end=2, country=state)


def _name(entity: str) -> str:
    return entity.partition(":")[2].replace("-", " ").title()
