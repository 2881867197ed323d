"""A text a part at a time, with the claims that rest on this part as they stand after review, and why the reader made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select

from rasad.claims import Claim, Document, Explanation, decoded
from rasad.reading import explain_document
from rasad.register.add import reader
from rasad.register.deals import SHOWN, Publication
from rasad.register.listing import FilterError
from rasad.register.log import log
from rasad.register.relink import links_in
from rasad.register.rows import Named, Row, rows
from rasad.register.schema import atoms, claims, deals, documents
from rasad.register.shown import named_source, printed, rows_of

PART = 12_000  #: characters of a part, at most
ROWS = 5_000  #: the same, of a table that was imported: every line of it is claims
SPOKEN_TO = 12  #: deals and relations that are listed with a text that was just added
EXPLAINED = 100_000  #: characters of the longest text that is read again to explain a claim
AT_ONCE = 5_000  #: the same, where nobody asked for the explanation
OWN = "reader-"  #: what names the versions of Rasad's own reader begin with


class StandingClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it stands after review (as it was read, where it was rejected), with the last decision on it. ``rows``: of an
    accusation the relations that it is part of, which tell what came of it and who denies it."""

    claim: Claim
    review: str | None
    rows: tuple[Row, ...]


class TextPart(msgspec.Struct, frozen=True, kw_only=True):
    """``text`` is what stands from ``start`` to ``end`` (Unicode code points) of a text of ``length``; ``claims`` are those that rest
    on words of it, in their order, of ``claims_in_all``. ``imported``: it was not read but taken from a table."""

    id: str
    language: str | None
    reader: str
    imported: bool
    origin: Named | None
    publications: tuple[Publication, ...]
    copies: tuple[Publication, ...]
    part: int
    parts: int
    start: int
    end: int
    length: int
    text: str
    claims: tuple[StandingClaim, ...]
    claims_in_all: int


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why the reader made a claim. Where there is no explanation, ``missing`` says for what reason: the claim comes from a table,
    this version of the reader does not make it, or its text is longer than what is read again for it."""

    explanation: Explanation | None = None
    missing: Literal["table", "reader", "long"] | None = None


def part(
    connection: Connection, identifier: str, number: int | None = None, claim: str | None = None
) -> TextPart | None:
    """A part of a text: the one of this number (the first is 1), else the one in which the evidence of a claim begins, else the
    first. None where there is no such text. Raises FilterError where it has fewer parts."""
    row = connection.execute(select(documents).where(documents.c.id == identifier)).first()
    if row is None:
        return None
    imported = not row.reader.startswith(OWN)
    starts = cuts(row.text, ROWS if imported else PART)
    if number is None:
        own = select(claims.c.start).where(claims.c.id == claim, claims.c.document == identifier)
        at = connection.scalar(own) or 0
        number = sum(start <= at for start in starts)
    if not 1 <= number <= len(starts):
        raise FilterError(f"part {number}: this text has {len(starts)}")
    start, end = starts[number - 1], [*starts, len(row.text)][number]
    like = select(documents.c.id).where(documents.c.copies == row.copies, documents.c.id != identifier)
    copies = list(connection.scalars(like.order_by(documents.c.id).limit(SHOWN)))
    where = printed(connection, [identifier, *copies])
    return TextPart(
        id=identifier, language=row.language, reader=row.reader, imported=imported,
        origin=named_source(connection, row.origin) if row.origin else None, publications=where.get(identifier, ()),
        copies=tuple(p for copy in copies for p in where.get(copy, ())), part=number, parts=len(starts), start=start, end=end,
        length=len(row.text), text=row.text[start:end], claims=_standing(connection, identifier, start, end),
        claims_in_all=connection.scalar(select(func.count()).where(claims.c.document == identifier)) or 0,
    )  # fmt: skip


def cuts(text: str, size: int = PART) -> list[int]:
    """Where the parts of a text begin, each of at most ``size`` characters: after a line, else a word, of the last quarter of a part,
    else wherever it is full."""
    starts = [0]
    while len(text) - starts[-1] > size:
        full = starts[-1] + size
        found = (text.rfind(mark, full - size // 4, full) for mark in ("\n", " "))
        starts.append(next((at + 1 for at in found if at >= 0), full))
    return starts


def _standing(connection: Connection, identifier: str, start: int, end: int) -> tuple[StandingClaim, ...]:
    within = select(claims.c.id, claims.c.body).where(
        claims.c.document == identifier, claims.c.start < end, claims.c.end > start
    )
    read = [decoded(row.body) for row in connection.execute(within.order_by(claims.c.start, claims.c.end, claims.c.id))]
    links = links_in(connection, [claim.id for claim in read])
    decisions = log(connection)
    held = rows_of(connection, [claim.id for claim in read if claim.frame == "allegation"])
    return tuple(
        StandingClaim(
            claim=decisions.applied(claim, identifier, links) or claim,
            review=decisions.status(claim, identifier),
            rows=held.get(claim.id, ()),
        )
        for claim in read
    )


def why(connection: Connection, claim: str, longest: int) -> Why | None:
    """Why a claim was made: its text of at most ``longest`` characters is read again, and the reader says what led it there. None
    where there is no such claim."""
    found = select(documents.c.reader, documents.c.language, documents.c.text).join(claims).where(claims.c.id == claim)
    row = connection.execute(found).first()
    if row is None:
        return None
    if not row.reader.startswith(OWN):
        return Why(missing="table")
    if len(row.text) > longest:
        return Why(missing="long")
    explanation = _explained(row.text, row.language, reader()).get(claim)
    return Why(explanation=explanation, missing=None if explanation else "reader")


@lru_cache(maxsize=64)
def _explained(text: str, language: str | None, _: str) -> Mapping[str, Explanation]:
    document = Document(name="", text=text, language=language)
    return {claim.id: explanation for claim, explanation in explain_document(document)}


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was added: where it was printed, how many claims it makes, how many near-copies of it there are, and the deals and
    relations that it speaks to, the best supported :data:`SPOKEN_TO` of them."""

    id: str
    language: str | None
    publications: tuple[Publication, ...]
    claims: int
    copies: int
    rows: tuple[Row, ...]


def arrived(connection: Connection, wanted: Sequence[str]) -> tuple[Arrived, ...]:
    """What the register holds of texts, in the order of their ids that is given; nothing of those that are not there."""
    where = printed(connection, wanted)
    return tuple(_arrived(connection, one, where.get(one, ())) for one in wanted if one in where)


def _arrived(connection: Connection, identifier: str, publications: tuple[Publication, ...]) -> Arrived:
    own = select(documents.c.language, documents.c.copies).where(documents.c.id == identifier)
    language, group = connection.execute(own).one()
    like = select(func.count()).where(documents.c.copies == group, documents.c.id != identifier)
    speaks = select(atoms.c.deal).where(atoms.c.document == identifier, atoms.c.deal.is_not(None))
    held = select(deals).where(deals.c.deal.in_(speaks)).order_by(deals.c.sources.desc(), deals.c.deal).limit(SPOKEN_TO)
    return Arrived(
        id=identifier, language=language, publications=publications, copies=connection.scalar(like) or 0,
        claims=connection.scalar(select(func.count()).where(claims.c.document == identifier)) or 0,
        rows=tuple(rows(connection, [dict(row) for row in connection.execute(held).mappings()])),
    )  # fmt: skip
