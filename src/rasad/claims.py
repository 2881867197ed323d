"""The words every room of Rasad uses: documents, entities, claims and their speakers.

The JSON form of a :class:`Claim` is public and only grows; ``docs/claims.md`` describes it field by field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it is stored: the offsets of every claim count the Unicode code points of ``text``."""

    name: str
    text: str
    language: str | None = None
    title: str | None = None
    outlet: str | None = None  #: who published it
    author: str | None = None
    address: str | None = None  #: where it can be found
    published: str | None = None  #: the date (ISO 8601), or as much of it as is known: 2018, 2018-10

    @property
    def hash(self) -> str:
        """The SHA-256 of the text, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Entity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody or something with an id that is the same in every script and spelling."""

    id: str
    name: str
    country: str | None = None
    category: str | None = None
    kind: str = ""

    @property
    def type(self) -> str:
        """The part of the id before the colon: country, bloc, org, person, system, class, category, anonymous."""
        return self.id.partition(":")[0]


class Filler(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entity in a role, with the words that name it.

    Where ``implicit`` is true the sentence does not name it, and ``text[start:end]`` is its antecedent.
    """

    id: str
    name: str
    text: str
    start: int
    end: int
    country: str | None = None
    category: str | None = None
    implicit: bool = False


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it: a person, organisation or state, or ``anonymous:`` officials, experts, sources …"""

    id: str
    name: str
    kind: str
    title: str | None = None
    organisation: str | None = None
    anonymous: bool = False


class Money(msgspec.Struct, frozen=True):
    """An amount in units (not millions) of an ISO 4217 currency."""

    amount: float
    currency: str


class TimeSpan(msgspec.Struct, frozen=True, kw_only=True):
    """An expression of time and, where it names them, the first and last day (ISO 8601)."""

    text: str
    start: int
    end: int
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None


class Evidence(msgspec.Struct, frozen=True):
    """The words the claim rests on: ``quote == text[start:end]``."""

    start: int
    end: int
    quote: str


class Claim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody says about the arms trade, in which words, and how surely."""

    id: str
    document: str
    language: str
    frame: str
    roles: dict[str, list[Filler]]
    stage: str | None
    certainty: str
    polarity: str
    quantity: float | None
    value: Money | None
    year: int | None
    time: TimeSpan | None
    attribution: list[Speaker]
    evidence: Evidence
    confidence: float
    terms: str | None = None
    activity: list[str] | None = None
    finding: str | None = None
    offence: list[str] | None = None
    basis: str | None = None
    standing: str | None = None
    stance: list[str] | None = None

    def fillers(self) -> Iterator[tuple[str, Filler]]:
        """Every filler with its role, in the order of the roles."""
        for role, fillers in self.roles.items():
            for filler in fillers:
                yield role, filler


def decoded(body: str | bytes) -> Claim:
    """A claim from its JSON. Raises msgspec.ValidationError where it is none."""
    return _DECODER.decode(body)


_DECODER = msgspec.json.Decoder(Claim)


def document_id(document: Document) -> str:
    """The id of a text, from its content: the same on every machine."""
    return f"doc-{document.hash[:16]}"


def claim_id(document_hash: str, claim: Claim) -> str:
    """The id of a claim: a hash of the document's content, the evidence span, the frame, its fillers and what is
    said of them, so that the same claim has the same id on every machine and at every reading."""
    at, fillers = claim.evidence, [f"{role}={filler.id}" for role, filler in claim.fillers()]
    told = (claim.stage, claim.certainty, claim.polarity, claim.finding, claim.standing, claim.quantity)
    return hashed_id([document_hash, at.start, at.end, claim.frame, *sorted(fillers), *told, *(claim.stance or ())])


def hashed_id(parts: Sequence[object]) -> str:
    """The id of a claim that is what these parts say."""
    return "c-" + hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Cited(msgspec.Struct, frozen=True):
    """Words of the document, ``text[start:end]``, and what they told the reader."""

    text: str
    start: int
    end: int
    told: str


class Explanation(msgspec.Struct, frozen=True):
    """Why the reader made a claim: the words that triggered it, the cue that gave each role, the speaker's cue, and the
    cues of stage, certainty and polarity (absent where the reader fell back on a default)."""

    claim: str
    triggers: list[Cited]
    roles: dict[str, list[Cited]]
    speakers: list[Cited]
    cues: dict[str, Cited]
    features: dict[str, float]
