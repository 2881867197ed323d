"""Flows of arms as GeoJSON (RFC 7946): a line from each supplying state to each receiving one."""

from __future__ import annotations

from typing import IO, Any

import msgspec

from rasad.exchange.flows import Flow, flows, places, transfers
from rasad.register import Filters, Register
from rasad.register.database import reading


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes a line for each flow between two states, with the ids of its deals. Gives how many transfers are in them, and how
    many that pass were left out: of unknown parties, not ordered, or of parties that are no state. Raises FilterError."""
    passing = register.counted(transfers(filters))
    stream.write(b'{"type":"FeatureCollection","features":[')
    written = 0
    with reading(register.engine) as connection:
        for flow in flows(connection, filters):
            if flow.supplier.id in places() and flow.recipient.id in places():
                stream.write((b",\n" if written else b"\n") + msgspec.json.encode(_feature(flow)))
                written += flow.count
    stream.write(b"\n]}\n")
    return written, passing - written


def _feature(flow: Flow) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": f"{flow.supplier.id}>{flow.recipient.id}",
        "geometry": course(places()[flow.supplier.id], places()[flow.recipient.id]),
        "properties": {
            "supplier": flow.supplier.name,
            "supplier_id": flow.supplier.id,
            "recipient": flow.recipient.name,
            "recipient_id": flow.recipient.id,
            "deals": flow.count,
            "disputed": flow.disputed,
            "categories": dict(flow.categories),
            "first_year": flow.first_year,
            "last_year": flow.last_year,
            "claims": flow.claims,
            "deal_ids": flow.deals,
        },
    }


def course(start: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    """The shorter line between two places (longitude, latitude), cut at the 180th meridian (RFC 7946, section 3.1.9)."""
    if abs(end[0] - start[0]) <= 180:
        return {"type": "LineString", "coordinates": [start, end]}
    edge = 180.0 if start[0] > 0 else -180.0
    beyond = end[0] + 2 * edge
    latitude = round(start[1] + (end[1] - start[1]) * (edge - start[0]) / (beyond - start[0]), 4)
    return {"type": "MultiLineString", "coordinates": [[start, (edge, latitude)], [(-edge, latitude), end]]}
