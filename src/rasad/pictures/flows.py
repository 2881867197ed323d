"""Flows of arms on a map of the world: a line from each supplying state to each receiving one, as wide as it has transfers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rasad.exchange.flows import Flow, places
from rasad.pictures import Picture, PictureError, titled
from rasad.pictures.style import COLOURS, INK

WIDTH, HEIGHT = 960, 460
LINES = 60  #: flows that are drawn at most, the biggest first
LABELS = 40  #: states that are named at most
NAMED = COLOURS[:6]  #: of the suppliers with most transfers; yellow is too faint for a line
OTHERS, OTHER = "others", COLOURS[7]
_PER_LETTER, _LINE = 6.2, 13.0  #: about how wide a letter of a label is, and how high a line, in pixels
_PLACES = (("center", 0, -9), ("center", 0, 11), ("left", 7, 1), ("right", -7, 1))
"""Where a name may stand: how it is aligned, and how far from its place, in pixels."""


def drawn(flows: Iterable[Flow]) -> list[Flow]:
    """The flows that a map shows: the biggest between two states."""
    placed = [flow for flow in flows if flow.supplier.id in places() and flow.recipient.id in places()]
    abroad = [flow for flow in placed if flow.supplier != flow.recipient]
    return sorted(abroad, key=lambda flow: (-flow.count, flow.supplier.id, flow.recipient.id))[:LINES]


def world(flows: Sequence[Flow], of: int, claims: int, title: str) -> Picture:
    """The map of flows that :func:`drawn` chose ``of`` so many. Raises PictureError where there are none."""
    if not flows:
        raise PictureError(
            "flows: there is nothing to draw; no transfer between two states that passes was ordered or delivered"
        )
    first = Counter[str]()
    for flow in flows:
        first[flow.supplier.name] += flow.count
    named = [name for name, _ in first.most_common(len(NAMED))]
    domain = [*named, *([OTHERS] if len(first) > len(named) else [])]
    shown = f"{len(flows):,} {'flow' if of == 1 else 'flows'}"
    if of > len(flows):
        which = "the biggest" if len(flows) == LINES else "those"
        shown = f"{len(flows):,} of {of:,} flows, {which} between states"
    colour = {
        "field": "properties.by", "type": "nominal", "scale": {"domain": domain, "range": [*NAMED[: len(named)], *([OTHER] if OTHERS in domain else [])]},
        "legend": {"title": "supplier", "orient": "bottom", "columns": 8, "symbolType": "stroke", "symbolStrokeWidth": 4},
    }  # fmt: skip
    spec = {
        "title": titled(title, claims, f"{shown}; lines run from the supplier, whose colour they have, to the recipient, at the dot"),
        "width": WIDTH,
        "height": HEIGHT,
        "projection": {"type": "equalEarth"},
        "layer": [
            {
                "data": {"values": _land(), "format": {"type": "topojson", "feature": "countries"}},
                "transform": [{"filter": "datum.id != '010'"}],  # Antarctica
                "mark": {"type": "geoshape", "fill": "#EEEEEE", "stroke": "#FFFFFF", "strokeWidth": 0.6},
            },
            {
                "data": {"values": [_line(flow, named) for flow in flows]},
                "mark": {"type": "geoshape", "filled": False, "strokeOpacity": 0.8, "strokeCap": "round"},
                "encoding": {"stroke": colour, "strokeWidth": _width(flows)},
            },
            {
                "data": {"values": [_point(identifier) for identifier in sorted({flow.recipient.id for flow in flows})]},
                "mark": {"type": "circle", "size": 36, "color": INK, "opacity": 1, "stroke": "#FFFFFF", "strokeWidth": 1},
                "encoding": {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}},
            },
            *_labels([*_labelled(flows)]),
        ],
    }  # fmt: skip
    return Picture(spec, claims)


@cache
def _land() -> Any:
    """The states of the world at 1:110,000,000, as TopoJSON: Natural Earth's (public domain), from the package world-atlas 2.0.2."""
    return json.loads(files("rasad.pictures").joinpath("world.json").read_text("utf-8"))


def _line(flow: Flow, named: Sequence[str]) -> dict[str, Any]:
    by = flow.supplier.name if flow.supplier.name in named else OTHERS
    ends = [places()[flow.supplier.id], places()[flow.recipient.id]]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": ends},
        "properties": {"by": by, "transfers": flow.count},
    }


def _width(flows: Sequence[Flow]) -> dict[str, Any]:
    most = max(flow.count for flow in flows)
    steps = sorted({1, max(1, round(most / 4)), max(1, round(most / 2)), most})
    return {
        "field": "properties.transfers", "type": "quantitative", "scale": {"domain": [0, most], "range": [0.8, 7]},
        "legend": {"title": "transfers", "orient": "bottom", "values": steps, "format": ",d", "symbolType": "stroke", "symbolStrokeColor": INK},
    }  # fmt: skip


def _point(identifier: str) -> dict[str, Any]:
    longitude, latitude = places()[identifier]
    return {"longitude": longitude, "latitude": latitude}


def _labelled(flows: Sequence[Flow]) -> Iterator[dict[str, Any]]:
    """The states with most transfers by name, each where its name lies on no other."""
    weight = Counter[tuple[str, str]]()
    for flow in flows:
        for end in (flow.supplier, flow.recipient):
            weight[(end.id, end.name)] += flow.count
    taken: list[tuple[float, float, float]] = []
    for (identifier, name), _ in weight.most_common():
        width = len(name) * _PER_LETTER
        for number, where in enumerate(_PLACES):
            x, y = _middle(identifier, width, *where)
            if not any(abs(x - at) < (width + other) / 2 and abs(y - up) < _LINE for at, up, other in taken):
                taken.append((x, y, width))
                yield {"name": name, "place": number, **_point(identifier)}
                break
        if len(taken) == LABELS:
            return


def _middle(identifier: str, width: float, align: str, right: float, down: float) -> tuple[float, float]:
    """About where the middle of a label would be, in pixels."""
    longitude, latitude = places()[identifier]
    aside = {"left": width / 2, "right": -width / 2}.get(align, 0.0)
    return longitude * WIDTH / 360 + right + aside, -latitude * HEIGHT / 150 + down


def _labels(named: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names, first their white rims, then themselves."""
    place = {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}, "text": {"field": "name"}}
    looks = ({"stroke": "#FFFFFF", "strokeWidth": 3.5, "strokeJoin": "round"}, {"fill": INK, "fontWeight": "bold"})
    return [
        {
            "data": {"values": [one for one in named if one["place"] == number]},
            "mark": {"type": "text", "fontSize": 11, "align": align, "dx": right, "dy": down, **look},
            "encoding": place,
        }
        for look in looks
        for number, (align, right, down) in enumerate(_PLACES)
    ]
