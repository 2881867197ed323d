"""One question to the whole register: claims, deals and relations, or documents, by words or by meaning and by their facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import starmap
from typing import Literal

import msgspec
from sqlalchemy import Connection, and_, func, literal, select

from rasad.register import facets
from rasad.register.choose import choose
from rasad.register.database import slices
from rasad.register.deals import Evidence, Publication
from rasad.register.facets import Chosen, Facet, Trait
from rasad.register.meaning import meant
from rasad.register.schema import DEAL_YEAR, claims, deals, documents, passages, publications
from rasad.register.search import Place, quotes, worded
from rasad.register.shown import evidence, printed

Show = Literal["claims", "deals", "documents"]
MOST = 1_000  #: places or texts of which facets are counted, and through which one can page
MEANT = 200  #: places that are nearest by meaning
LIKE = 0.2  #: how like they are at least: a question is less like its answer than two answers are
LOOKED_AT = 20_000  #: characters of a whole text that are looked at for the words of a query


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. Without a ``query`` all deals and relations, or the latest claims or documents. ``newest``: in the order of time, else the
    best first: those with most of the words, or of independent sources."""

    query: str = ""
    meaning: bool = False
    show: Show = "claims"
    chosen: Chosen = Chosen()
    newest: bool = False
    limit: int = 50
    offset: int = 0


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its words (of a text the first :data:`LOOKED_AT` characters), where it was printed, and the claims that rest on
    it, those that were rejected left out; of a whole text only how many there are."""

    place: Place
    language: str | None
    quote: str
    publications: tuple[Publication, ...]
    claims: tuple[Evidence, ...]
    claim_count: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: some of the places or the ids of deals; how many there are in all (at least, where there are ``more``), and
    through how many one can page; whether each has ``every`` word; how many claims, deals or documents it is, where that was counted.
    ``chosen``: as asked, with ids for names."""

    chosen: Chosen
    total: int
    paged: int
    more: bool
    every: bool
    counts: dict[str, int]
    facets: tuple[Facet, ...]
    places: tuple[Place, ...] = ()
    deals: tuple[str, ...] = ()


def find(connection: Connection, asked: Asked) -> Finding:
    """Looks. Raises FilterError for a choice that means nothing."""
    asked = msgspec.structs.replace(asked, chosen=facets.checked(connection, asked.chosen))
    if asked.query:
        return _with_query(connection, asked)
    return _deals(connection, asked) if asked.show == "deals" else _latest(connection, asked)


def _with_query(connection: Connection, asked: Asked) -> Finding:
    whole = asked.show == "documents"
    places, every, more = _matching(connection, asked)
    looked = (facets.of_documents if whole else facets.of_evidence)(connection, [place.passage for place in places])
    printed = facets.outlets(connection, looked)
    told = facets.narrowed(looked, printed, asked.chosen)
    kept = {trait.place for trait in told}
    places = [place for place in places if place.passage in kept]
    order = {place.passage: at for at, place in enumerate(places)}
    found = _best_deals(told, order)
    if asked.newest:
        places = _latest_first(connection, places)
    ids = _by_year(connection, found) if asked.newest else found
    part = slice(asked.offset, asked.offset + asked.limit)
    total = len(found if asked.show == "deals" else places)
    return Finding(
        chosen=asked.chosen, total=total, paged=total, more=more, every=every,
        counts={"documents": len(places)} if whole else {"claims": len(places), "deals": len(found)},
        facets=facets.counted(told, printed, "deal" if asked.show == "deals" else "place"),
        places=tuple(places[part]) if asked.show != "deals" else (), deals=tuple(ids[part]) if asked.show == "deals" else (),
    )  # fmt: skip


def _matching(connection: Connection, asked: Asked) -> tuple[Sequence[Place], bool, bool]:
    if asked.meaning and asked.show != "documents":
        places = meant(connection, asked.query, MEANT, LIKE)
        return places, True, len(places) == MEANT
    found = worded(connection, asked.query, "document" if asked.show == "documents" else "evidence", MOST)
    return found.places, found.every, found.more or len(found.places) == MOST


def _best_deals(told: Sequence[Trait], order: dict[int, int]) -> list[str]:
    """The deals of what was found: those that most of it tells of first."""
    first: dict[str, int] = {}
    for trait in told:
        if trait.deal:
            first[trait.deal] = min(order[trait.place], first.get(trait.deal, len(order)))
    often = Counter(deal for deal, _ in {(trait.deal, trait.place) for trait in told})
    return sorted(first, key=lambda deal: (-often[deal], first[deal], deal))


def _latest_first(connection: Connection, places: Sequence[Place]) -> list[Place]:
    """By the latest date on which each text was printed; those without one last."""
    latest: dict[str, str] = {}
    for some in slices(sorted({place.document for place in places})):
        dates = select(publications.c.document, func.max(publications.c.published)).where(
            publications.c.document.in_(some)
        )
        latest |= {text: date for text, date in connection.execute(dates.group_by(publications.c.document)) if date}
    return sorted(places, key=lambda place: latest.get(place.document, ""), reverse=True)


def _by_year(connection: Connection, found: Sequence[str]) -> list[str]:
    years: dict[str, int] = {}
    for some in slices(found):
        years |= dict(connection.execute(select(deals.c.deal, DEAL_YEAR).where(deals.c.deal.in_(some))).all())
    return sorted(found, key=lambda deal: -years.get(deal, 0))


def _deals(connection: Connection, asked: Asked) -> Finding:
    """All deals and relations that have what was chosen."""
    chose = choose(connection, asked.chosen, newest=asked.newest)
    return Finding(
        chosen=asked.chosen, total=chose.total, paged=len(chose.deals), more=chose.more, every=True, counts={"deals": chose.total},
        facets=chose.facets, deals=tuple(chose.deals[asked.offset : asked.offset + asked.limit]),
    )  # fmt: skip


def _latest(connection: Connection, asked: Asked) -> Finding:
    """All texts, or all evidence of claims, those that came in last first; of tables that were imported nothing."""
    whole = asked.show == "documents"
    kind = passages.c.kind == ("document" if whole else "evidence")
    found = list(connection.scalars(select(passages.c.id).where(kind).order_by(passages.c.id.desc()).limit(MOST + 1)))
    looked = (facets.of_documents if whole else facets.of_evidence)(connection, found[:MOST])
    printed = facets.outlets(connection, looked)
    told = facets.narrowed(looked, printed, asked.chosen)
    kept = sorted({trait.place for trait in told}, reverse=True)
    part = kept[asked.offset : asked.offset + asked.limit]
    columns = [passages.c[name] for name in ("id", "document", "start", "end")]
    rows = connection.execute(select(*columns, literal(0.0)).where(passages.c.id.in_(part)))
    places = {place.passage: place for place in starmap(Place, rows)}
    return Finding(
        chosen=asked.chosen, total=len(kept), paged=len(kept), more=len(found) > MOST, every=True, counts={asked.show: len(kept)},
        facets=facets.counted(told, printed, "place"), places=tuple(places[passage] for passage in part),
    )  # fmt: skip


def opened(connection: Connection, places: Sequence[Place], *, whole: bool) -> list[Opened]:
    """What stands at places, in their order. ``whole``: they are whole texts."""
    wanted = sorted({place.document for place in places})
    words = quotes(connection, places, LOOKED_AT)
    where = printed(connection, wanted)
    known = dict(
        connection.execute(select(documents.c.id, documents.c.language).where(documents.c.id.in_(wanted))).all()
    )
    held = {} if whole else _claims_at(connection, places)
    counted = select(claims.c.document, func.count()).where(claims.c.document.in_(wanted)).group_by(claims.c.document)
    often: dict[str, int] = dict(connection.execute(counted).all()) if whole else {}
    return [
        Opened(
            place=place, language=known.get(place.document), quote=words.get(place.passage, ""),
            publications=where.get(place.document, ()), claims=held.get(place.passage, ()),
            claim_count=often.get(place.document, 0) if whole else len(held.get(place.passage, ())),
        )
        for place in places
    ]  # fmt: skip


def _claims_at(connection: Connection, places: Sequence[Place]) -> dict[int, tuple[Evidence, ...]]:
    """The claims that rest on passages, the surest first."""
    here = [claims.c[name] == passages.c[name] for name in ("document", "start", "end")]
    resting = (
        select(claims.c.id, passages.c.id).join(passages, and_(*here)).order_by(claims.c.confidence.desc(), claims.c.id)
    )
    pairs = connection.execute(resting.where(passages.c.id.in_([place.passage for place in places]))).all()
    at: dict[str, int] = dict(pairs)
    found: dict[int, tuple[Evidence, ...]] = {}
    for one in evidence(connection, list(at)):
        if one.review != "reject":
            found[at[one.claim.id]] = (*found.get(at[one.claim.id], ()), one)
    return found
