"""A register as Parquet: a row for each deal or relation, its claims as a list within the row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from rasad.exchange.parts import Part, parts
from rasad.exchange.wording import said
from rasad.register import Filters, Register
from rasad.register.deals import Evidence

GROUP = 5_000  #: claims from which on a row group is closed

_NAMED = pa.list_(pa.struct([("id", pa.string()), ("name", pa.string())]))
_WORDS = pa.list_(pa.string())
_SPEAKERS = pa.list_(pa.struct([(name, pa.string()) for name in ("id", "name", "title", "organisation")]))
_PUBLICATIONS = pa.list_(
    pa.struct([(name, pa.string()) for name in ("outlet", "name", "address", "published", "title", "author", "copy")])
)
_EVIDENCE = pa.struct(
    [
        *((name, pa.string()) for name in ("claim", "quote", "language")),
        *((name, pa.int64()) for name in ("start", "end")),
        ("speakers", _SPEAKERS),
        *((name, pa.string()) for name in ("stage", "certainty", "polarity", "finding")),
        *((name, pa.float64()) for name in ("number", "value")),
        *(("currency", pa.string()), ("year", pa.int32()), ("confidence", pa.float64())),
        *((name, pa.string()) for name in ("document", "source", "review")),
        ("publications", _PUBLICATIONS),
    ]
)
SCHEMA: pa.Schema = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "kind", "frame", "sentence")),
        ("roles", pa.list_(pa.struct([(name, pa.string()) for name in ("role", "id", "name")]))),
        ("attributes", pa.list_(pa.struct([(name, pa.string()) for name in ("name", "value")]))),
        *((name, pa.string()) for name in ("category", "polarity", "stage")),
        *((name, pa.float64()) for name in ("number_ordered", "number_delivered", "value")),
        ("currency", pa.string()),
        *(
            (name, pa.int32())
            for name in ("year_of_order", "first_delivery", "last_delivery", "first_year", "last_year")
        ),
        *((name, pa.int64()) for name in ("reports", "sources", "claims")),
        *((name, _WORDS) for name in ("disputed", "estimates", "findings")),
        ("denied", pa.bool_()),
        ("denied_by", _NAMED),
        ("evidence", pa.list_(_EVIDENCE)),
    ]
)


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes a row of :data:`SCHEMA` for each deal and relation that passes; gives how many, and that none was left out. Raises
    FilterError."""
    written = 0
    with pq.ParquetWriter(stream, SCHEMA, compression="zstd") as writer:
        for group in _groups(parts(register, filters)):
            writer.write_table(pa.Table.from_pylist([_row(part) for part in group], SCHEMA))
            written += len(group)
    return written, 0


def _groups(every: Iterable[Part]) -> Iterator[list[Part]]:
    held: list[Part] = []
    claims = 0
    for part in every:
        held.append(part)
        claims += len(part.evidence)
        if claims >= GROUP:
            yield held
            held, claims = [], 0
    if held:
        yield held


def _row(part: Part) -> dict[str, Any]:
    row = part.row
    return {
        **{name: getattr(row, name) for name in SCHEMA.names if hasattr(row, name)},
        "sentence": said(row),
        "roles": [{"role": role, "id": one.id, "name": one.name} for role, held in row.roles.items() for one in held],
        "attributes": [{"name": name, "value": value} for name, held in row.attributes.items() for value in held],
        "value": row.value.amount if row.value else None,
        "currency": row.value.currency if row.value else None,
        "denied_by": [{"id": one.id, "name": one.name} for one in row.denied_by],
        "evidence": [_evidence(one) for one in part.evidence],
    }


def _evidence(told: Evidence) -> dict[str, Any]:
    claim = told.claim
    own = ("language", "stage", "certainty", "polarity", "finding", "year", "confidence")
    return {
        **{name: getattr(claim, name) for name in own},
        "claim": claim.id,
        "quote": claim.evidence.quote,
        "start": claim.evidence.start,
        "end": claim.evidence.end,
        "speakers": [{name: getattr(one, name) for name in _SPEAKERS.value_type.names} for one in claim.attribution],
        "number": claim.quantity,
        "value": claim.value.amount if claim.value else None,
        "currency": claim.value.currency if claim.value else None,
        "document": told.document,
        "source": told.source,
        "review": told.review,
        "publications": [
            {name: getattr(one, name) for name in _PUBLICATIONS.value_type.names} for one in told.publications
        ],
    }
