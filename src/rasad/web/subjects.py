"""What the pages of states, systems, organisations and people have in common."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.ontology import ontology
from rasad.register import FilterError, Publication, Row, Saying, Subject
from rasad.register.deals import Evidence
from rasad.register.rows import Named
from rasad.reports.near import nearest
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData

BEST = 10  #: deals, claims and texts that a page shows first
PAGE = 50
LAST_PAGE = 100_000
Number = Annotated[int, Query(ge=1, le=LAST_PAGE, description="Which page of the list.")]
Frame = Annotated[str | None, Query(description="Only this frame: transfer, service, allegation …")]
Role = Annotated[str | None, Query(description="Only where it has this role of the frame: supplier, accused …")]
Certainty = Annotated[
    Literal["asserted", "probable", "possible"] | None, Query(description="Only what is said so surely.")
]
Year = Annotated[int | None, Query(ge=1, le=9999, description="Only what tells of this year, or was printed in it where it tells none.")]  # fmt: skip


class DealsPage(PageData, frozen=True, kw_only=True):
    """The deals and relations of ``of`` on a page, of a frame in which it has a role, of ``total``."""

    TABLE: ClassVar[str] = "rows"

    of: Named
    frame: str | None
    role: str | None
    rows: tuple[Row, ...]
    total: int
    page: int


def deals_page(register: AskedRegister, identifier: str, frame: str | None, role: str | None, page: int) -> DealsPage:
    """The deals and relations of somebody or something, 50 a page. Raises FilterError for a frame or role that there is not."""
    subject = whoever(register, identifier)
    frames = ontology().frames
    if frame is not None and frame not in frames:
        raise FilterError(f"frame: {frame!r} is not one of {', '.join(frames)}{nearest(frame, frames)}")
    if role is not None and frame is None:
        raise FilterError(f"role: {role!r} is a role of a frame; name the frame too")
    if role is not None and role not in (roles := frames[frame or ""].roles):
        raise FilterError(f"role: {role!r} is not one of {', '.join(roles)}{nearest(role, roles)}")
    total = register.counted_involving(identifier, frame=frame, role=role)
    rows = register.involving(identifier, frame=frame, role=role, limit=PAGE, offset=PAGE * (page - 1))
    of = Named(identifier, subject.name)
    return DealsPage(of=of, frame=frame, role=role, rows=tuple(rows), total=total, page=page)


def whoever(register: AskedRegister, identifier: str) -> Subject:
    """Who or what has an id. Raises NotThereError."""
    subject = register.subject(identifier)
    if subject is None:
        raise NotThereError(f"the register names no {identifier!r}; the search finds what is called so")
    return subject


def named(register: AskedRegister, identifier: str) -> Named:
    """An id with its name."""
    return Named(identifier, register.names([identifier])[identifier])


class PartyPage(PageData, frozen=True, kw_only=True):
    """Somebody as a party and as a speaker. ``sayings``: how many claims of what were made how surely, of which year; ``said``: the
    latest of them; ``rows``: the best supported deals and relations; ``texts``: the latest that name him, her or it. The table is
    ``sayings``."""

    TABLE: ClassVar[str] = "sayings"

    subject: Subject
    state: Named | None
    sayings: tuple[Saying, ...]
    said: tuple[Evidence, ...]
    rows: tuple[Row, ...]
    texts: tuple[Publication, ...]


def party_page(register: AskedRegister, identifier: str) -> PartyPage:
    """The page of an organisation, a bloc or a person. Raises NotThereError."""
    subject = whoever(register, identifier)
    return PartyPage(
        subject=subject, state=named(register, f"country:{subject.country}") if subject.country else None,
        sayings=register.sayings(identifier) if subject.said else (),
        said=register.said(identifier, limit=BEST) if subject.said else (),
        rows=tuple(register.involving(identifier, limit=BEST)) if subject.parts else (), texts=register.texts_naming(identifier, BEST),
    )  # fmt: skip


class SaidPage(PageData, frozen=True, kw_only=True):
    """What somebody said of a frame, so surely, of a year: the claims of this page, of ``total``, the latest first."""

    TABLE: ClassVar[str] = "claims"

    of: Named
    frame: str | None
    certainty: str | None
    year: int | None
    frames: tuple[str, ...]
    years: tuple[int, ...]
    claims: tuple[Evidence, ...]
    total: int
    page: int


def said_page(
    register: AskedRegister, speaker: str, frame: str | None, certainty: str | None, year: int | None, page: int
) -> SaidPage:  # fmt: skip
    """What a speaker said, 50 a page. Raises FilterError for a frame that there is not, NotThereError for nobody."""
    subject, every = whoever(register, speaker), register.sayings(speaker)
    frames = ontology().frames
    if frame is not None and frame not in frames:
        raise FilterError(f"frame: {frame!r} is not one of {', '.join(frames)}{nearest(frame, frames)}")
    meant = [
        one
        for one in every
        if frame in (None, one.frame) and certainty in (None, one.certainty) and year in (None, one.year)
    ]
    asked: dict[str, Any] = {"frame": frame, "certainty": certainty, "year": year}
    return SaidPage(
        of=Named(speaker, subject.name), **asked, page=page, total=sum(one.claims for one in meant),
        frames=tuple(dict.fromkeys(one.frame for one in every)), years=tuple(sorted({one.year for one in every if one.year})),
        claims=register.said(speaker, **asked, limit=PAGE, offset=PAGE * (page - 1)),
    )  # fmt: skip
