"""What was found, by what it is about: how much of it has which supplier, which recipient, which stage …, and the part of it that
has what was chosen.

Each thing that was found has *traits*: what one of its claims tells. A thing has what was chosen if one claim has all of it; so
*delivered* and *possible* find what was possibly delivered, not what one text calls delivered and another possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, and_, func, select

from rasad.ontology import ontology
from rasad.register.database import slices
from rasad.register.deals import CERTAINTIES, STAGES
from rasad.register.listing import one_of, resolved
from rasad.register.schema import atoms, claims, documents, passages, publications

FACETS = ("supplier", "recipient", "category", "frame", "stage", "certainty", "outlet", "language", "year")
PARTIES = ("supplier", "recipient")
VALUES = 40  #: values of a facet that are given
TRADING = ("transfer", "service")  #: frames whose first party is a supplier, and whose second is a recipient

Unit = Literal["place", "document", "deal"]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A value for some facets: ids of entities, names of the ontology, an outlet, the code of a language. ``year``: the one that a
    claim tells of, else that of its report; of a deal that of its order, else the first that is told."""

    supplier: str | None = None
    recipient: str | None = None
    category: str | None = None
    frame: str | None = None
    stage: str | None = None
    certainty: str | None = None
    outlet: str | None = None
    language: str | None = None
    year: int | None = None

    def given(self) -> dict[str, Any]:
        """Those that were chosen."""
        return {name: value for name in FACETS if (value := getattr(self, name)) is not None}


class Value(msgspec.Struct, frozen=True):
    """A value of a facet, and how much of what was found has it."""

    value: str
    count: int


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A facet with its commonest values; ``more``: how many others there are; ``of``: among how much they were counted."""

    name: str
    values: tuple[Value, ...]
    more: int
    of: int


class Trait(NamedTuple):
    """What one claim tells of what was found."""

    place: int
    document: str
    deal: str | None
    supplier: str | None
    recipient: str | None
    category: str | None
    frame: str | None
    stage: str | None
    certainty: str | None
    language: str | None
    year: int | None


def checked(connection: Connection, chosen: Chosen) -> Chosen:
    """The same with the ids of those who were named. Raises FilterError for what is not known."""
    wanted = chosen.given()
    for name in PARTIES:
        if name in wanted:
            wanted[name] = resolved(connection, wanted[name], name)
    closed: dict[str, Iterable[str]] = {
        "category": ontology().categories,
        "frame": ontology().frames,
        "stage": STAGES,
        "certainty": CERTAINTIES[:-1],
    }
    return Chosen(
        **wanted | {name: one_of(name, wanted[name], known) for name, known in closed.items() if name in wanted}
    )


_TOLD = [atoms.c[name] for name in ("deal", "frame", "actor", "partner", "category", "stage", "certainty", "language", "year", "published")]  # fmt: skip


def of_evidence(connection: Connection, found: Sequence[int]) -> list[Trait]:
    """What the claims that rest on passages tell; nothing of those that were rejected."""
    here = [claims.c[name] == passages.c[name] for name in ("document", "start", "end")]
    told = (
        select(passages.c.id, passages.c.document, *_TOLD)
        .join(claims, and_(*here))
        .join(atoms, atoms.c.claim == claims.c.id)
    )
    return _traits(connection, told.where(atoms.c.deal.is_not(None)), passages.c.id, found)


def of_documents(connection: Connection, found: Sequence[int]) -> list[Trait]:
    """What the claims of whole texts, given as passages, tell; of texts without claims only the language."""
    held = and_(atoms.c.document == documents.c.id, atoms.c.deal.is_not(None))
    language = func.coalesce(atoms.c.language, documents.c.language).label("language")
    columns = [column if column.name != "language" else language for column in _TOLD]
    told = select(passages.c.id, passages.c.document, *columns).join(documents, documents.c.id == passages.c.document)
    return _traits(connection, told.outerjoin(atoms, held), passages.c.id, found)


def _traits(connection: Connection, told: Any, key: Any, found: Sequence[Any]) -> list[Trait]:
    rows = (row for some in slices(found) for row in connection.execute(told.where(key.in_(some)).distinct()))
    return list(dict.fromkeys(map(_trait, rows)))


def _trait(row: Iterable[Any]) -> Trait:
    place, document, deal, frame, actor, partner, category, stage, certainty, language, year, published = row
    trading = frame in TRADING
    return Trait(
        place, document, deal, actor if trading else None, partner if trading else None, category, frame, stage, certainty, language,
        year or published,
    )  # fmt: skip


def outlets(connection: Connection, told: Iterable[Trait]) -> dict[str, tuple[str, ...]]:
    """Who printed each document, as far as that is known."""
    found: dict[str, tuple[str, ...]] = {}
    for some in slices(sorted({trait.document for trait in told})):
        printed = select(publications.c.document, publications.c.outlet).where(publications.c.document.in_(some))
        for document, outlet in connection.execute(printed.where(publications.c.outlet != "")):
            found[document] = (*found.get(document, ()), outlet)
    return found


def narrowed(told: Iterable[Trait], printed: Mapping[str, Sequence[str]], chosen: Chosen) -> list[Trait]:
    """The traits that have all that was chosen."""
    wanted = [(name, value) for name, value in chosen.given().items() if name != "outlet"]
    return [
        trait
        for trait in told
        if all(getattr(trait, name) == value for name, value in wanted)
        and (chosen.outlet is None or chosen.outlet in printed.get(trait.document, ()))
    ]


def counted(told: Sequence[Trait], printed: Mapping[str, Sequence[str]], unit: Unit) -> tuple[Facet, ...]:
    """The facets of places, documents or deals."""
    every = len({getattr(trait, unit) for trait in told})
    pairs: dict[str, set[tuple[Any, Any]]] = {
        name: {(getattr(trait, unit), getattr(trait, name)) for trait in told} for name in FACETS if name != "outlet"
    }
    pairs["outlet"] = {(getattr(trait, unit), outlet) for trait in told for outlet in printed.get(trait.document, ())}
    return tuple(facet(name, Counter(value for _, value in pairs[name]), every) for name in FACETS)


def facet(name: str, counts: Mapping[Any, int], of: int) -> Facet:
    """A facet from its counts: the commonest values first, years from the latest."""
    known = sorted(((value, count) for value, count in counts.items() if value), key=lambda v: (-v[1], str(v[0])))
    shown = known[:VALUES]
    if name == "year":
        shown.sort(key=lambda v: -v[0])
    return Facet(name=name, values=tuple(Value(str(v), n) for v, n in shown), more=len(known) - len(shown), of=of)
