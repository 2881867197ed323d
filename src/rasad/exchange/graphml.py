"""A register as a graph for networkx, Gephi, yEd: entities as nodes, deals and relations as directed edges with what is known.

GraphML as in http://graphml.graphdrawing.org/specification.html; written as it comes, so that memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from rasad.claims import Entity
from rasad.exchange.parts import Part, parts
from rasad.exchange.seen import Seen
from rasad.exchange.wording import said, standing
from rasad.ontology import ontology
from rasad.register import Filters, Register
from rasad.reports import readable

NODE = {"name": "string", "kind": "string", "country": "string", "category": "string"}
EDGE = {
    "register_id": "string", "frame": "string", "sentence": "string", "mutual": "boolean", "activity": "string", "category": "string",
    "item": "string", "stage": "string", "number_ordered": "double", "number_delivered": "double", "value": "double", "currency": "string",
    "year_of_order": "int", "first_year": "int", "last_year": "int", "reports": "int", "sources": "int", "claims": "int",
    "disputed": "string", "estimates": "string", "standing": "string", "claim_ids": "string",
}  # fmt: skip


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes what passes as GraphML. An edge leads from the first party to the second, or to the thing where only one party is
    known; one of equal partners (``mutual``) stands for both directions; a deal of several partners has an edge for each two,
    with the same ``register_id``. ``standing`` of an accusation is what came of it and who denies it.

    Gives how many deals and relations were written and left out: those with a single end, and those that are only denied.
    Raises FilterError.
    """
    written = left = 0
    stream.write(_HEAD.encode())
    with Seen() as seen:
        for part in parts(register, filters):
            pairs = [] if part.denied_only else [*_pairs(part)]
            ends = [one for pair in pairs for one in pair]
            stream.writelines(_node(part.entities[one]) for one in seen.fresh(ends))
            stream.writelines(_edge(part, number, *pair) for number, pair in enumerate(pairs))
            written, left = written + bool(pairs), left + (not pairs)
    stream.write(b"</graph>\n</graphml>\n")
    return written, left


def _mutual(part: Part) -> bool:
    """Whether the parties are a set of equals."""
    roles = ontology().frames[part.row.frame].roles
    return any(roles[role].set and len(held) > 1 for role, held in part.row.roles.items())


def _pairs(part: Part) -> Iterator[tuple[str, str]]:
    """Between whom edges lead."""
    held = [[one.id for one in some] for some in part.row.roles.values()]
    if _mutual(part):
        yield from combinations(held[0], 2)
    elif len(held) > 1:
        yield from product(held[0], held[1])


def _node(entity: Entity) -> bytes:
    cells = {"name": entity.name, "kind": entity.type, "country": entity.country, "category": entity.category}
    return f"<node id={_quoted(entity.id)}>{_data(cells, 'n')}</node>\n".encode()


def _edge(part: Part, number: int, source: str, target: str) -> bytes:
    row = part.row
    own = {name: getattr(row, name) for name in EDGE if hasattr(row, name)}
    cells: dict[str, Any] = own | {
        "register_id": row.id,
        "sentence": said(row),
        "mutual": str(_mutual(part)).lower(),
        "activity": ", ".join(row.attributes.get("activity", ())) or None,
        "item": ", ".join(one.name for one in row.roles.get("item", ())) or None,
        "value": row.value.amount if row.value else None,
        "currency": row.value.currency if row.value else None,
        "disputed": ", ".join(row.disputed) or None,
        "estimates": ", ".join(row.estimates) or None,
        "standing": standing(row) if row.frame == "allegation" else None,
        "claim_ids": " ".join(told.claim.id for told in part.evidence),
    }
    ends = f"source={_quoted(source)} target={_quoted(target)}"
    return f'<edge id="{row.id}/{number}" {ends}>{_data(cells, "e")}</edge>\n'.encode()


def _data(cells: dict[str, Any], prefix: str) -> str:
    return "".join(
        f'<data key="{prefix}_{name}">{escape(_allowed(value))}</data>'
        for name, value in cells.items()
        if value is not None
    )


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(value: object) -> str:
    """What XML 1.0 allows of a text."""
    return readable(str(value)).translate({0xFFFE: None, 0xFFFF: None})


_HEAD = "\n".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'<key id="{place[0]}_{name}" for="{place}" attr.name="{name}" attr.type="{kind}"/>'
            for place, cells in (("node", NODE), ("edge", EDGE))
            for name, kind in cells.items()
        ),
        '<graph id="register" edgedefault="directed">\n',
    ]
)
