"""What a register has to tell first: what came in last, which deals that touched, on what sources disagree, who is accused."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, func, select

from rasad.register.deals import Publication, publication
from rasad.register.rows import Row, rows_by_id
from rasad.register.schema import atoms, claims, deals, documents, publications

PRINTED = 15  #: appearances of documents
SHOWN = 8  #: deals of each list
EACH = 3  #: deals that one document can bring in


class CameIn(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was printed: when it was stored (ISO 8601, UTC), in which language, with how many claims."""

    publication: Publication
    read: str
    language: str | None
    claims: int


class Lately(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that came in last, the newest first; the deals and relations that they tell of; those on which sources disagree,
    and the accusations, the best supported first."""

    documents: tuple[CameIn, ...]
    touched: tuple[Row, ...]
    disputed: tuple[Row, ...]
    accusations: tuple[Row, ...]


def lately(connection: Connection) -> Lately:
    """What is new, disputed or alleged."""
    came = _came_in(connection)
    texts = list(dict.fromkeys(one.publication.document for one in came))
    best = (deals.c.sources.desc(), deals.c.reports.desc(), deals.c.deal)
    disputed = select(deals.c.deal).where(deals.c.disputed.is_not(None)).order_by(*best).limit(SHOWN)
    accused = select(deals.c.deal).where(deals.c.frame == "allegation").order_by(*best).limit(SHOWN)
    return Lately(
        documents=came, touched=tuple(rows_by_id(connection, _touched(connection, texts))),
        disputed=tuple(rows_by_id(connection, connection.scalars(disputed).all())),
        accusations=tuple(rows_by_id(connection, connection.scalars(accused).all())),
    )  # fmt: skip


def _came_in(connection: Connection) -> tuple[CameIn, ...]:
    told = select(publications, documents.c.language).join(documents, documents.c.id == publications.c.document)
    printed = connection.execute(told.order_by(publications.c.id.desc()).limit(PRINTED)).all()
    counted = select(claims.c.document, func.count()).where(claims.c.document.in_({row.document for row in printed}))
    often: dict[str, int] = dict(connection.execute(counted.group_by(claims.c.document)).all())
    return tuple(
        CameIn(publication=publication(row), read=row.read, language=row.language, claims=often.get(row.document, 0))
        for row in printed
    )


def _touched(connection: Connection, texts: Sequence[str]) -> list[str]:
    """The deals that documents tell of: of each some, so that none fills the list alone."""
    found: dict[str, None] = {}
    for text in texts:
        own = select(atoms.c.deal).where(atoms.c.document == text, atoms.c.deal.is_not(None)).distinct()
        ranked = (
            select(deals.c.deal)
            .where(deals.c.deal.in_(own))
            .order_by(deals.c.kind, deals.c.sources.desc(), deals.c.deal)
        )
        found |= dict.fromkeys(connection.scalars(ranked.limit(EACH)))
        if len(found) >= SHOWN:
            break
    return list(found)[:SHOWN]
