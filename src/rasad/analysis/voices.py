"""What claims say of relations, as it stands after review: who says it, how surely, in which words, and when it was printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from rasad.claims import Speaker, decoded
from rasad.register.database import slices
from rasad.register.deals import CERTAINTIES
from rasad.register.log import log
from rasad.register.relink import links_in
from rasad.register.rows import Named
from rasad.register.schema import atoms, claims, deals, entities, publications
from rasad.reports.wording import wording

ITSELF = Named("", "the report itself")  #: who speaks where no speaker is named


class Voice(NamedTuple):
    """One claim's part in a relation. ``label``: the offence, standing or stance; ``date``: of its first publication (ISO 8601, as
    far as it is known); ``year``: that of which it tells; ``speaker``: the nearest."""

    deal: str
    frame: str
    claim: str
    document: str
    source: str
    actor: str | None
    partner: str | None
    third: str | None
    item: str | None
    label: str | None
    certainty: str
    denied: bool
    finding: str | None
    year: int | None
    date: str | None
    speaker: Named
    words: str
    language: str | None

    @property
    def told(self) -> int | None:
        """The year of which it tells; where it tells none, that of its publication."""
        return self.year or (int(self.date[:4]) if self.date and self.date[:4].isdigit() else None)


def voices(connection: Connection, where: ColumnElement[bool]) -> list[Voice]:
    """What the claims say whose atoms are such, by date; those without one last."""
    columns = [atoms.c[name] for name in ("deal", "frame", "actor", "partner", "third", "item", "label", "certainty", "polarity", "finding", "year", "source")]  # fmt: skip
    query = select(*columns, claims.c.id, claims.c.document, claims.c.body).join(claims, claims.c.id == atoms.c.claim)
    rows = connection.execute(query.where(where, atoms.c.deal.is_not(None)).order_by(atoms.c.atom)).all()
    standing = _standing(connection, {row.id: (row.body, row.document) for row in rows})
    dates = _dates(connection, {row.document for row in rows})
    found = [
        Voice(
            row.deal, row.frame, row.id, row.document, row.source, row.actor, row.partner, row.third, row.item, row.label,
            row.certainty, row.polarity == "negative", row.finding, row.year, dates.get(row.document), *standing[row.id],
        )
        for row in rows
        if row.id in standing
    ]  # fmt: skip
    return sorted(found, key=_when)


def voices_of(connection: Connection, relations: Iterable[str]) -> list[Voice]:
    """What is said in these relations, by date; what has none last."""
    found = [voice for some in slices(sorted(relations)) for voice in voices(connection, atoms.c.deal.in_(some))]
    return sorted(found, key=_when)


def _when(voice: Voice) -> tuple[str, int]:
    return voice.date or "~", voice.told or 9999


def _standing(connection: Connection, found: Mapping[str, tuple[str, str]]) -> dict[str, tuple[Named, str, str | None]]:
    """Speaker, words and language of the claims of these bodies and documents, as they stand."""
    decisions = log(connection)
    links = links_in(connection, sorted(found))
    speakers: dict[tuple[str, str], Named] = {}
    standing: dict[str, tuple[Named, str, str | None]] = {}
    for identifier, (body, document) in found.items():
        claim = decisions.applied(decoded(body), document, links)
        if claim is None:
            continue
        nearest = claim.attribution[0] if claim.attribution else None
        known = speakers.setdefault((nearest.id, nearest.name), _called(nearest)) if nearest else ITSELF
        standing[identifier] = (known, claim.evidence.quote, claim.language)
    return standing


def _called(speaker: Speaker) -> Named:
    return Named(speaker.id, wording().speakers.get(speaker.id, speaker.name))


def _dates(connection: Connection, documents: Collection[str]) -> dict[str, str]:
    first = select(publications.c.document, func.min(publications.c.published)).group_by(publications.c.document)
    dated = publications.c.published.is_not(None)
    found: dict[str, str] = {}
    for some in slices(sorted(documents)):
        found |= dict(connection.execute(first.where(dated, publications.c.document.in_(some))).all())
    return found


# What a row tells of its voices.


def speakers(some: Iterable[Voice]) -> tuple[Named, ...]:
    """Who speaks, each once."""
    return tuple(dict.fromkeys(voice.speaker for voice in some))


def sources(some: Iterable[Voice]) -> int:
    """How many independent sources they are."""
    return len({voice.source for voice in some})


def reports(some: Iterable[Voice]) -> int:
    """How many texts they stand in."""
    return len({voice.document for voice in some})


def surest(some: Iterable[Voice]) -> str:
    """How surely it is said by whoever says it most surely."""
    return min((voice.certainty for voice in some), key=CERTAINTIES.index)


def dates(some: Iterable[Voice]) -> tuple[str | None, str | None]:
    """The first and the last date of report."""
    known = [voice.date for voice in some if voice.date]
    return min(known, default=None), max(known, default=None)


# Which relations.


def within(first: int | None, last: int | None) -> list[ColumnElement[bool]]:
    """The relations with a claim that tells of these years, or was published in them where it tells none."""
    if first is None and last is None:
        return []
    year = func.coalesce(atoms.c.year, atoms.c.published)
    bounds = [year >= first] if first is not None else []
    bounds += [year <= last] if last is not None else []
    return [select(atoms.c.atom).where(atoms.c.deal == deals.c.deal, *bounds).exists()]


def one_of_its(column: ColumnElement[str | None], entity: str) -> ColumnElement[bool]:
    """Whether somebody stands in a column or, where it is a state, an organisation or person of that state."""
    if not entity.startswith("country:"):
        return column == entity
    own = select(entities.c.id).where(entities.c.country == entity.removeprefix("country:"))
    return or_(column == entity, column.in_(own))


def period(first: int | None, last: int | None) -> str:
    """The years that were asked for, as words after a comma; nothing where none were."""
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f", from {first} on" if last is None else f", until {last}"
    return f", {first}" if first == last else f", {first}–{last}"
