"""Flows of arms on a map of the world: a line from each supplying state to each receiving one, as wide as it has transfers."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rasad.exchange.flows import Flow, places
from rasad.pictures import NothingToDrawError, Picture, titled
from rasad.pictures.style import COLOURS, INK

WIDTH, HEIGHT = 960, 460
LINES = 60  #: flows that are drawn at most, the biggest first
BROAD = 12  #: transfers of a line of the full width, where no flow has more
LABELS = 40  #: states that are named at most
NAMED = COLOURS[:6]  #: of the suppliers with most transfers; yellow is too faint for a line
STEPS = 32  #: parts of a line
HIGHEST = 12  #: degrees by which a line bends to the north at most
OTHERS, OTHER = "others", COLOURS[7]
_PER_LETTER, _LINE = 6.2, 13.0  #: about how wide a letter of a label is, and how high a line, in pixels
_PLACES = (("center", 0, -9), ("center", 0, 11), ("left", 7, 1), ("right", -7, 1))
"""Where a name may stand: how it is aligned, and how far from its place, in pixels."""


def between_states(flows: Iterable[Flow]) -> list[Flow]:
    """The flows from one state to another that both have their place on the map, the biggest first."""
    placed = [flow for flow in flows if flow.supplier.id in places() and flow.recipient.id in places()]
    abroad = [flow for flow in placed if flow.supplier != flow.recipient]
    return sorted(abroad, key=lambda flow: (-flow.count, flow.supplier.id, flow.recipient.id))


def world(flows: Sequence[Flow], of: int, claims: int, title: str) -> Picture:
    """The map of flows :func:`between_states`, of which there are ``of``; these rest on so many claims. Raises PictureError where
    there are none."""
    if not flows:
        raise NothingToDrawError(
            "flows: there is nothing to draw; no transfer between two states that passes was ordered or delivered"
        )
    shown = (
        f"{of:,} {'flow' if of == 1 else 'flows'}"
        if len(flows) == of
        else f"the {len(flows):,} biggest of {of:,} flows"
    )
    land = _land()
    shapes = {
        "data": {"values": land, "format": {"type": "topojson", "feature": "countries"}},
        "transform": [{"filter": "datum.id != '010'"}],  # Antarctica
        "mark": {"type": "geoshape", "fill": "#EEEEEE", "stroke": "#FFFFFF", "strokeWidth": 0.6},
    }
    layers = [
        *([] if land is None else [shapes]),
        _lines(flows),
        {
            "data": {"values": [_point(identifier) for identifier in sorted({flow.recipient.id for flow in flows})]},
            "mark": {"type": "circle", "size": 36, "color": INK, "opacity": 1, "stroke": "#FFFFFF", "strokeWidth": 1},
            "encoding": {"longitude": {"field": "longitude"}, "latitude": {"field": "latitude"}},
        },
        *_labels([*_labelled(flows)]),
    ]
    told = f"{shown} between states; lines run from the supplier, whose colour they have, to the recipient, at the dot"
    told += "" if land else "; without land, since the program was built without npm"
    size = {"width": WIDTH, "height": HEIGHT, "projection": {"type": "equalEarth"}}
    return Picture({"title": titled(title, claims, told), **size, "layer": layers}, claims)


@cache
def _land() -> Any:
    """The states of the world as TopoJSON, Natural Earth's: a file of the npm package world-atlas that is built into the program with
    the scripts of the desk; None where they were not built."""
    built = files(__package__).joinpath("built", "countries.json")
    return json.loads(built.read_text("utf-8")) if built.is_file() else None


def _lines(flows: Sequence[Flow]) -> dict[str, Any]:
    """A line for each flow, in the colour of its supplier."""
    given = Counter[str]()
    for flow in flows:
        given[flow.supplier.name] += flow.count
    named = [name for name, _ in given.most_common(len(NAMED))]
    colours = dict(zip(named, NAMED, strict=False)) | ({OTHERS: OTHER} if len(given) > len(named) else {})
    most = max(flow.count for flow in flows)
    steps = sorted({1, max(1, round(most / 4)), max(1, round(most / 2)), most})
    legend = {"orient": "bottom", "symbolType": "stroke"}
    return {
        "data": {"values": [_line(flow, flow.supplier.name if flow.supplier.name in named else OTHERS) for flow in flows]},
        "mark": {"type": "geoshape", "filled": False, "strokeOpacity": 0.8, "strokeCap": "round"},
        "encoding": {
            "stroke": {
                "field": "properties.by", "type": "nominal", "scale": {"domain": [*colours], "range": [*colours.values()]},
                "legend": {**legend, "title": "supplier", "columns": 8, "symbolStrokeWidth": 4},
            },
            "strokeWidth": {
                "field": "properties.transfers", "type": "quantitative", "scale": {"domain": [0, max(most, BROAD)], "range": [0.8, 7]},
                "legend": {**legend, "title": "transfers", "values": steps, "format": ",d", "symbolStrokeColor": INK},
            },
        },
    }  # fmt: skip


def _line(flow: Flow, by: str) -> dict[str, Any]:
    shape = {"type": "LineString", "coordinates": _bow(places()[flow.supplier.id], places()[flow.recipient.id])}
    return {"type": "Feature", "geometry": shape, "properties": {"by": by, "transfers": flow.count}}


def _bow(start: Sequence[float], end: Sequence[float]) -> list[tuple[float, float]]:
    """A bow between two places that bends a little to the north and stays on the map; the shortest way over a globe would run
    along its upper edge."""
    rise = min(HIGHEST, abs(end[0] - start[0]) / 8)
    steps = [step / STEPS for step in range(STEPS + 1)]
    return [
        (start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1]) + rise * math.sin(math.pi * t))
        for t in steps
    ]


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
