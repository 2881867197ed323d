"""The footnotes of a report: the sentences behind its rows."""

from __future__ import annotations

from typing import Literal

import msgspec
from sqlalchemy import select

from rasad.analysis.answers import Based
from rasad.exchange.wording import denied
from rasad.register import Register, ShownClaim
from rasad.register.database import reading, slices
from rasad.register.deals import Publication
from rasad.register.schema import atoms, claims
from rasad.reports import readable
from rasad.reports.wording import according_to, finding, is_turned, sentence

SENTENCES = 2  #: of texts that a row is footnoted to, or else one line of a table; and one more that denies it
DEALS = 40  #: deals and relations of a row that are looked at for them
PRINTED = 3  #: places where a sentence was printed that are named


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence behind a row: what it claims, who says so and how surely, its words in their own language and direction, and
    where they were printed. ``finding`` and ``denial`` are those of an accusation."""

    number: int
    claim: str
    says: str
    speaker: str
    certainty: str
    quote: str
    language: str
    direction: Literal["ltr", "rtl"]
    printed: str
    finding: str = ""
    denial: str = ""


class Notes:
    """Footnotes, numbered as rows ask for them; a sentence that two rows rest on has one number."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._numbers: dict[str, int] = {}

    def of(self, row: Based) -> tuple[int, ...]:
        """The numbers of the sentences that a row rests on, of texts before tables, the surest first; and of one that denies it."""
        best: list[tuple[bool, bool, float, str, tuple[str, int]]] = []
        columns = (
            atoms.c.polarity,
            claims.c.entry,
            claims.c.confidence,
            claims.c.id,
            claims.c.document,
            claims.c.start,
        )
        with reading(self._register.engine) as connection:
            for some in slices(row.deals[:DEALS]):
                behind = select(*columns).join(atoms, atoms.c.claim == claims.c.id).where(atoms.c.deal.in_(some))
                for polarity, entry, sure, identifier, document, start in connection.execute(behind.distinct()):
                    best.append((polarity == "negative", entry is not None, -sure, identifier, (document, start)))
        seen: dict[tuple[str, int], tuple[bool, bool, str]] = {}
        for denies, tabled, _, identifier, place in sorted(best):
            seen.setdefault(place, (denies, tabled, identifier))
        texts = [identifier for denies, tabled, identifier in seen.values() if not (denies or tabled)][:SENTENCES]
        lines = [identifier for denies, tabled, identifier in seen.values() if tabled and not denies][:1]
        against = [identifier for denies, _, identifier in seen.values() if denies][:1]
        chosen = [*(texts or lines), *against]
        return tuple(self._numbers.setdefault(identifier, len(self._numbers) + 1) for identifier in chosen)

    def all(self) -> tuple[Note, ...]:
        """Every footnote, in the order of their numbers."""
        shown = ((number, self._register.claim(identifier)) for identifier, number in self._numbers.items())
        return tuple(_note(number, one) for number, one in shown if one is not None)


def _note(number: int, shown: ShownClaim) -> Note:
    claim = shown.standing or shown.claim
    turned = is_turned(claim.evidence.quote, claim.language)
    return Note(
        number=number, claim=claim.id, says=sentence(claim), speaker=according_to(claim.attribution), certainty=claim.certainty,
        quote=readable(claim.evidence.quote).strip(), language=claim.language, direction="rtl" if turned else "ltr",
        printed=_printed(shown.publications),
        finding=finding(claim) if claim.frame == "allegation" else "",
        denial=denied(shown.rows) if claim.frame == "allegation" else "",
    )  # fmt: skip


def _printed(publications: tuple[Publication, ...]) -> str:
    places = [readable(", ".join(filter(None, (one.printed_by, one.published, one.address)))) for one in publications]
    more = [f"{len(places) - PRINTED} more"] if len(places) > PRINTED else []
    return "; ".join([*places[:PRINTED], *more])
