"""One flat row a claim, for CSV and Parquet. ``docs/claims.md`` describes every column."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import msgspec

from rasad.claims import Claim
from rasad.ontology import ontology

Kind = Literal["text", "number", "integer"]
Cell = str | float | int | None


class Column(NamedTuple):
    """The name of a column and what its cells hold."""

    name: str
    kind: Kind = "text"


@cache
def columns() -> tuple[Column, ...]:
    """The columns of a row. Between ``frame`` and ``implicit`` stands one for each role of the ontology."""
    roles = dict.fromkeys(role for frame in ontology().frames.values() for role in frame.roles)
    return (
        *map(Column, ("id", "document", "language", "frame")),
        *map(Column, roles),
        *map(Column, ("implicit", "stage", "terms", "activity", "finding", "offence", "basis", "standing", "stance")),
        *map(Column, ("certainty", "polarity")),
        Column("quantity", "number"),
        Column("value", "number"),
        Column("currency"),
        Column("year", "integer"),
        *map(Column, ("time", "time_from", "time_to", "speakers", "speaker_names")),
        Column("start", "integer"),
        Column("end", "integer"),
        Column("quote"),
        Column("confidence", "number"),
        Column("claim"),
    )


def row(claim: Claim) -> dict[str, Cell]:
    """The cells of a claim by column; every column is there, None where the claim says nothing of it."""
    cells: dict[str, Cell] = dict.fromkeys(column.name for column in columns())
    cells |= {role: ";".join(f.id for f in fillers) for role, fillers in claim.roles.items() if role in cells}
    cells |= {
        "id": claim.id,
        "document": claim.document,
        "language": claim.language,
        "frame": claim.frame,
        "implicit": ";".join(f"{role}={f.id}" for role, f in claim.fillers() if f.implicit) or None,
        "stage": claim.stage,
        "terms": claim.terms,
        "activity": _joined(claim.activity),
        "finding": claim.finding,
        "offence": _joined(claim.offence),
        "basis": claim.basis,
        "standing": claim.standing,
        "stance": _joined(claim.stance),
        "certainty": claim.certainty,
        "polarity": claim.polarity,
        "quantity": claim.quantity,
        "value": claim.value.amount if claim.value else None,
        "currency": claim.value.currency if claim.value else None,
        "year": claim.year,
        "time": claim.time.text if claim.time else None,
        "time_from": claim.time.from_ if claim.time else None,
        "time_to": claim.time.to if claim.time else None,
        "speakers": _joined([s.id for s in claim.attribution]),
        "speaker_names": _joined([s.name for s in claim.attribution]),
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "quote": claim.evidence.quote,
        "confidence": claim.confidence,
        "claim": msgspec.json.encode(claim).decode(),
    }
    return cells


def _joined(values: list[str] | None) -> str | None:
    return ";".join(values) if values else None
