"""What people say of claims, deals and entities: an append-only log, and what it makes of the claims that were read.

Every decision is one line of the log with its reviewer, time and reason; nothing is ever changed or taken out. An undo is a line of its
own that takes an earlier one back (and can be taken back in turn). What the reader found stays as it was found: a review stands
beside it and is applied on the way from claims to deals, so that reading again keeps every review.

=========  ==================================================================================================
accept     a claim is what its text says
reject     it is not; it takes part in nothing
correct    it says something else: other fillers, stage, number, year …
join       two deals (or relations) are one
split      some claims of a deal are another deal
merge      two entities are one; the second is the name that stays
part       some claims that name an entity mean another one (or, against a link that Rasad found, that very one)
undo       an earlier line does not hold
=========  ==================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from rasad.claims import Claim, Filler, Money, Speaker
from rasad.gazetteer import entities
from rasad.ontology import ontology

Action = Literal["accept", "reject", "correct", "join", "split", "merge", "part", "undo"]

PLAIN = ("stage", "terms", "activity", "finding", "offence", "basis", "standing", "stance")
CORRECTABLE = (*PLAIN, "certainty", "polarity", "quantity", "value", "year")


_NO_LINKS: Mapping[tuple[str, str], str] = {}


class ReviewError(ValueError):
    """A review cannot be made; the message names what is wrong and what to do."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``content`` holds what the action needs, by name: ``document``, ``claim`` (as it was), ``fields``,
    ``deals``, ``atoms``, ``claims``, ``into``, ``undoes``."""

    id: int
    at: str
    reviewer: str
    action: Action
    subject: str
    content: dict[str, Any]
    reason: str


class MeanwhileError(ReviewError):
    """Somebody else decided on a claim (``line``) after the reviewer looked at it."""

    def __init__(self, claim: str, line: Review) -> None:
        super().__init__(f"{claim}: {line.reviewer} decided on it meanwhile ({line.action}, review {line.id})")
        self.line = line


class Log:
    """The lines that hold, ready to be applied to claims."""

    def __init__(self, reviews: Iterable[Review]) -> None:
        """Takes the whole log in order; the lines that were undone are left out."""
        self.lines = in_force(list(reviews))
        self._of_claim: dict[str, list[Review]] = {}
        self._places: dict[str, list[Review]] = {}
        self.merged: dict[str, str] = {}
        self._parted: dict[str, list[Review]] = {}
        for line in self.lines:
            if line.action in ("accept", "reject", "correct"):
                self._of_claim.setdefault(line.subject, []).append(line)
                self._places.setdefault(line.content["document"], []).append(line)
            elif line.action == "merge":
                self.merged[line.subject] = line.content["into"]
            elif line.action == "part":
                for claim in line.content["claims"]:
                    self._parted.setdefault(claim, []).append(line)

    def of(self, claim: Claim, document: str) -> list[Review]:
        """The decisions on a claim: those made on it, and those made on what an earlier reader made of the same words."""
        own = self._of_claim.get(claim.id)
        if own is not None:
            return own
        return [line for line in self._places.get(document, ()) if _same_words(line.content["claim"], claim)]

    def touch(self, claim: str, document: str) -> bool:
        """Whether there may be decisions on a claim, by its id and document."""
        return claim in self._of_claim or document in self._places

    @property
    def renames(self) -> bool:
        """Whether some entity means another."""
        return bool(self.merged or self._parted)

    def status(self, claim: Claim, document: str) -> str | None:
        """accept, reject or correct: the last decision; None where nobody has decided."""
        lines = self.of(claim, document)
        return lines[-1].action if lines else None

    def applied(self, claim: Claim, document: str, links: Mapping[tuple[str, str], str] = _NO_LINKS) -> Claim | None:
        """The claim as it stands after review; None where it was rejected. ``links`` are those of :func:`meant`."""
        for line in self.of(claim, document):
            if line.action == "correct":
                claim = corrected(claim, line.content["fields"])
        if self.status(claim, document) == "reject":
            return None
        if links or self.merged or claim.id in self._parted:
            named = {f.id for _, f in claim.fillers()} | {s.id for s in claim.attribution}
            meant = {entity: self.meant(entity, claim.id, document, links) for entity in named}
            claim = _renamed(claim, {entity: into for entity, into in meant.items() if into != entity})
        return claim

    def meant(self, entity: str, claim: str, document: str, links: Mapping[tuple[str, str], str] = _NO_LINKS) -> str:
        """Whom an entity means in a claim: what a reviewer parted it into or merged it with; else whom it is linked to, by
        ``links`` (of entity and document, or of entity and nothing for all documents), and what a reviewer said of that one."""
        parted = {line.subject: line.content["into"] for line in self._parted.get(claim, ())}
        if entity in parted:
            return str(parted[entity])
        if entity in self.merged:
            return self.entity(entity)
        into = links.get((entity, document)) or links.get((entity, "")) or entity
        return str(parted[into]) if into in parted else self.entity(into)

    def entity(self, entity: str) -> str:
        """The id that stands for an entity after merges."""
        seen = {entity}
        while (into := self.merged.get(entity)) is not None and into not in seen:
            seen.add(into)
            entity = into
        return entity

    def joined(self) -> list[Review]:
        """The joins and splits of deals, in order."""
        return [line for line in self.lines if line.action in ("join", "split")]


def in_force(reviews: Sequence[Review]) -> list[Review]:
    """The lines of a log that nobody has undone, without the undos."""
    gone = undone(reviews)
    return [line for line in reviews if line.action != "undo" and line.id not in gone]


def undone(reviews: Sequence[Review]) -> set[int]:
    """The numbers of the lines that do not hold, undos that were undone themselves among them."""
    gone: set[int] = set()
    for line in reversed(reviews):  # a later undo may undo an earlier undo
        if line.action == "undo" and line.id not in gone:
            gone.add(int(line.content["undoes"]))
    return gone


def _same_words(earlier: Mapping[str, Any], claim: Claim) -> bool:
    """Whether two readers made the same of the same words: frame, fillers, and evidence that overlaps."""
    fillers = {(role, f["id"]) for role, found in earlier["roles"].items() for f in found}
    evidence = earlier["evidence"]
    return (
        earlier["frame"] == claim.frame
        and fillers == {(role, f.id) for role, f in claim.fillers()}
        and evidence["start"] < claim.evidence.end
        and claim.evidence.start < evidence["end"]
    )


def corrected(claim: Claim, fields: Mapping[str, Any]) -> Claim:
    """A claim with some of its fields replaced: ``stage``, ``quantity``, ``value`` (``{"amount", "currency"}``), ``year`` …, and
    roles by their names, each a list of ids. Raises ReviewError for a field or value that the frame does not have."""
    frame = ontology().frames[claim.frame]
    changes: dict[str, Any] = {}
    roles = dict(claim.roles)
    for name, value in fields.items():
        if name in frame.roles:
            roles[name] = [_filler(claim, name, str(entity)) for entity in value]
        elif name in CORRECTABLE:
            changes[name] = _value(claim.frame, name, value)
        else:
            known = ", ".join(
                [*frame.roles, *(f for f in CORRECTABLE if f in frame.attributes), "certainty", "polarity"]
            )
            raise ReviewError(f"a {claim.frame} claim has no {name!r}; it has {known}")
    changes["roles"] = {role: found for role, found in roles.items() if found}
    return msgspec.structs.replace(claim, **changes)


def _value(frame: str, name: str, value: Any) -> Any:
    if value is None:
        return None
    attributes: Mapping[str, Any] = ontology().frames[frame].attributes
    closed = {"certainty": ["asserted", "probable", "possible"], "polarity": ["positive", "negative"]}
    known = closed.get(name) or attributes.get(name)
    if known is None:
        raise ReviewError(f"a {frame} claim has no {name!r}; it has {', '.join(attributes)}, certainty, polarity")
    if isinstance(known, (list, tuple, frozenset)):
        for given in value if isinstance(value, list) else [value]:
            if given not in known:
                raise ReviewError(f"{name}: {given!r} is not one of {', '.join(known)}")
        return value
    try:
        if name == "value":
            return msgspec.convert(value, Money)
        return int(value) if name == "year" else float(value)
    except (ValueError, TypeError, msgspec.ValidationError):
        raise ReviewError(f"{name}: {value!r} is no {known}") from None


def _filler(claim: Claim, role: str, entity: str) -> Filler:
    """A filler that a reviewer named: with the words that name it where the claim has them, else with those of the evidence."""
    for _, filler in claim.fillers():
        if filler.id == entity:
            return filler
    known = entities().get(entity)
    kind = entity.partition(":")[0]
    if known is None and (kind not in ontology().frames[claim.frame].roles[role].kinds or ":" not in entity):
        raise ReviewError(
            f"{role}: {entity!r} is no id of {', '.join(sorted(ontology().frames[claim.frame].roles[role].kinds))}"
        )
    evidence = claim.evidence
    return Filler(
        id=entity, name=known.name if known else entity.partition(":")[2], text=evidence.quote, start=evidence.start,
        end=evidence.end, country=known.country if known else None, category=known.category if known else None, implicit=True,
    )  # fmt: skip


def _renamed(claim: Claim, names: Mapping[str, str]) -> Claim:
    """A claim with entities under the ids that a reviewer gave them."""

    def named(given: Filler | Speaker) -> Any:
        into = names.get(given.id)
        if into is None:
            return given
        known = entities().get(into)
        changes: dict[str, Any] = {"id": into, "name": known.name if known else given.name}
        if isinstance(given, Filler) and known is not None:
            changes |= {"country": known.country, "category": known.category}
        return msgspec.structs.replace(given, **changes)

    roles: dict[str, list[Filler]] = {}
    for role, found in claim.roles.items():
        roles[role] = list({f.id: f for f in map(named, found)}.values())
    return msgspec.structs.replace(claim, roles=roles, attribution=[named(s) for s in claim.attribution])
