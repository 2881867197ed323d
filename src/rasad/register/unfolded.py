"""A deal or relation as those see it who judge it: its evidence, source by source; what may be one with it; what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from rasad.claims import Claim
from rasad.register import deals as deals_of
from rasad.register import shown
from rasad.register.deals import SHOWN, Evidence, Publication
from rasad.register.log import Decision, decided, log
from rasad.register.relink import links_in
from rasad.register.review import Log
from rasad.register.rows import Row, rows
from rasad.register.schema import atoms, claims, deals, documents, mentions, reviews

SOURCES = 20  #: independent sources on a page
EACH = 5  #: claims of a source that are shown in full
PRINTED = 12  #: texts of a source whose appearances are told
LIKELY = 8  #: deals offered to be joined
LOOKED_AT = 300  #: deals of a block among which these are sought, the best supported first


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it was read and, where reviews or links changed it, as it stands."""

    held: Evidence
    standing: Claim | None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An independent source of a deal: whom it credits (``credited``), else its first text; how many texts and claims it is, some of
    its appearances and the surest of its claims."""

    id: str
    name: str
    credited: bool
    texts: int
    claims: int
    reports: tuple[Publication, ...]
    evidence: tuple[Judged, ...]


class Unfolded(msgspec.Struct, frozen=True, kw_only=True):
    """``sources``: some of them, those with most texts first; ``likely``: deals that may be one with this; ``decisions``: what was
    decided on the deal and its claims, newest first."""

    sources: tuple[Source, ...]
    likely: tuple[Row, ...]
    decisions: tuple[Decision, ...]


class _Told(NamedTuple):
    claim: str
    document: str
    confidence: float


def unfolded(connection: Connection, identifier: str, *, limit: int = SOURCES, offset: int = 0) -> Unfolded | None:
    """A deal or relation unfolded, with ``limit`` of its sources; None where there is none of this id."""
    row = connection.execute(select(deals).where(deals.c.deal == identifier)).mappings().first()
    if row is None:
        return None
    summary = {str(name): value for name, value in row.items()}
    behind = _behind(connection, identifier)
    some = dict(sorted(behind.items(), key=_weight)[offset : offset + limit])
    return Unfolded(
        sources=_sources(connection, some, EACH), likely=_likely(connection, summary),
        decisions=_decisions(connection, summary, [one.claim for told in behind.values() for one in told]),
    )  # fmt: skip


def of_source(connection: Connection, identifier: str, source: str) -> Source | None:
    """One source of a deal with all of its claims, as far as a page shows them; None where the deal has no such source."""
    told = _behind(connection, identifier).get(source)
    return _sources(connection, {source: told}, SHOWN)[0] if told else None


def _behind(connection: Connection, identifier: str) -> dict[str, list[_Told]]:
    """What each source tells of a deal, the surest first."""
    columns = (atoms.c.source, atoms.c.claim, atoms.c.document, atoms.c.confidence)
    found: dict[str, list[_Told]] = {}
    for source, *told in connection.execute(select(*columns).where(atoms.c.deal == identifier).distinct()):
        found.setdefault(source, []).append(_Told._make(told))
    return {source: sorted(told, key=lambda one: (-one.confidence, one.claim)) for source, told in found.items()}


def _weight(entry: tuple[str, Sequence[_Told]]) -> tuple[int, float, str]:
    source, told = entry
    return -len({one.document for one in told}), -told[0].confidence, source


def _sources(connection: Connection, behind: Mapping[str, Sequence[_Told]], each: int) -> tuple[Source, ...]:
    """Sources with ``each`` of their claims in full."""
    texts = {source: list(dict.fromkeys(one.document for one in told)) for source, told in behind.items()}
    shown_texts = [text for some in texts.values() for text in some[:PRINTED]]
    unnamed = [source for source in behind if source.startswith("doc-")]
    where = shown.printed(connection, sorted({*shown_texts, *unnamed}))
    names = deals_of.names(connection, set(behind).difference(unnamed))
    names |= {source: where[source][0].printed_by for source in unnamed if source in where}
    claims = [one.claim for told in behind.values() for one in told[:each]]
    held = {one.claim.id: one for one in shown.evidence(connection, claims)}
    decisions, links = log(connection), links_in(connection, claims)
    return tuple(
        Source(
            id=source, name=names.get(source, source), credited=source not in unnamed, texts=len(texts[source]), claims=len(told),
            reports=tuple(printed for text in texts[source][:PRINTED] for printed in where.get(text, ())),
            evidence=tuple(
                Judged(held=held[one.claim], standing=_standing(held[one.claim], decisions, links))
                for one in told[:each] if one.claim in held
            ),
        )
        for source, told in behind.items()
    )  # fmt: skip


def _standing(held: Evidence, decisions: Log, links: Mapping[tuple[str, str], str]) -> Claim | None:
    stands = decisions.applied(held.claim, held.document, links)
    return None if stands == held.claim else stands


# What may be one with it.


class _Alike(NamedTuple):
    """What tells whether two deals may be one."""

    deal: str
    kind: str
    actor: str | None
    partner: str | None
    third: str | None
    label: str | None
    item: str | None
    family: str | None
    ordered: int | None
    first_year: int | None

    def thing(self) -> str | None:
        """A deal for fighters may be one for Rafale; a relation is about what it names."""
        return self.item if self.kind == "relation" else self.family

    def compared(self) -> tuple[str | None, ...]:
        return (self.actor, self.partner, self.third, self.label, self.thing())

    def may_be(self, other: _Alike) -> bool:
        return None in (self.thing(), other.thing()) or self.thing() == other.thing()


def _likely(connection: Connection, summary: Mapping[str, Any]) -> tuple[Row, ...]:
    """Deals that agree with this one in two or more of parties and thing, and differ in one of the parties at most: those that differ in
    least first, then those nearest in time."""
    columns = [deals.c[name] for name in _Alike._fields]
    same = select(*columns).where(deals.c.block == summary["block"], deals.c.deal != summary["deal"])
    mine = _Alike._make(summary[name] for name in _Alike._fields)
    found: list[tuple[int, int, int, str]] = []
    for row in connection.execute(same.order_by(deals.c.sources.desc()).limit(LOOKED_AT)):
        other = _Alike._make(row)
        pairs = [(a, b) for a, b in zip(mine.compared(), other.compared(), strict=True) if a and b]
        agreed = sum(a == b for a, b in pairs)
        if agreed >= 2 and len(pairs) - agreed <= 1 and mine.may_be(other):
            found.append((len(pairs) - agreed, -agreed, _apart(mine, other), other.deal))
    wanted = [deal for *_, deal in sorted(found)[:LIKELY]]
    full = {
        row["deal"]: {**row} for row in connection.execute(select(deals).where(deals.c.deal.in_(wanted))).mappings()
    }
    return tuple(rows(connection, [full[deal] for deal in wanted])) if wanted else ()


def _apart(one: _Alike, other: _Alike) -> int:
    years = [alike.ordered or alike.first_year for alike in (one, other)]
    return abs(years[0] - years[1]) if years[0] and years[1] else 0


# What was decided on it.


def _decisions(connection: Connection, summary: Mapping[str, Any], own_claims: Sequence[str]) -> tuple[Decision, ...]:
    """The decisions on a deal, on its claims, and on claims that would be part of it, had they not been rejected."""
    if connection.scalar(select(reviews.c.id).limit(1)) is None:
        return ()
    own = {summary["deal"], *own_claims}
    parties = {part for name in ("actor", "partner") if summary[name] for part in summary[name].split("+")}
    return tuple(
        one
        for one in decided(connection)
        if one.line.subject in own
        or own.intersection(one.line.content.get("deals", ()))
        or own.intersection(_claims(one.line.content.get("atoms", ())))
        or (one.line.action == "reject" and _would_be(one.line.content["claim"], summary, parties))
    )


def _claims(moved: Sequence[Sequence[str]]) -> set[str]:
    return {atom.partition("/")[0] for some in moved for atom in some}


def _would_be(claim: Mapping[str, Any], summary: Mapping[str, Any], parties: set[str]) -> bool:
    """Whether a claim names the parties and the thing of a deal."""
    fillers = [filler for found in claim["roles"].values() for filler in found]
    named = {filler["id"] for filler in fillers}
    sides = named | {f"country:{filler['country']}" for filler in fillers if filler.get("country")}
    return claim["frame"] == summary["frame"] and parties <= sides and summary["item"] in (None, *named)


# Where a claim stands.

NAMED = 60  #: entities of a text that are offered to a reviewer
AROUND = 600  #: characters of the text shown before and after the words of a claim


def named_in(connection: Connection, document: str, limit: int = NAMED) -> list[str]:
    """Who and what the claims of a text name, those named first."""
    own = select(mentions.c.entity).join(claims, claims.c.id == mentions.c.claim).where(claims.c.document == document)
    first = own.group_by(mentions.c.entity).order_by(func.min(claims.c.start), mentions.c.entity).limit(limit)
    return list(connection.scalars(first))


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a claim in their text: some whole sentences before, the words, some after."""

    before: str
    quote: str
    after: str


def context(connection: Connection, claim: Claim, document: str) -> Context:
    """What stands around the words of a claim."""
    begin = max(0, claim.evidence.start - AROUND)
    length = claim.evidence.end - begin + AROUND
    own = select(func.substr(documents.c.text, begin + 1, length)).where(documents.c.id == document)
    text = connection.scalar(own) or claim.evidence.quote
    start, end = claim.evidence.start - begin, claim.evidence.end - begin
    return Context(
        before=_from_sentence(text[:start]) if begin else text[:start], quote=text[start:end], after=_to_sentence(text[end:])
    )  # fmt: skip


def _from_sentence(text: str) -> str:
    """A text without the part of a sentence that it begins with."""
    cut = min((at for mark in _ENDS if (at := text.find(mark)) >= 0), default=-1)
    return text[cut + 1 :].lstrip() if cut >= 0 else text


def _to_sentence(text: str) -> str:
    """A text of full length without the part of a sentence that it ends with."""
    cut = max(text.rfind(mark) for mark in _ENDS)
    return text[: cut + 1] if len(text) >= AROUND and cut >= 0 else text


_ENDS = (". ", ".\n", "! ", "? ", "؟ ", "\n")
