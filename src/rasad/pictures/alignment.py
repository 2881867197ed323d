"""Where a state is drifting: above, what it belongs to; below, for each bloc and state that it moves toward or away from, the index by
year."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from rasad.pictures import Picture, titled
from rasad.pictures.style import COLOURS, INK, WIDTH, year_axis

TOWARD, AWAY = COLOURS[0], COLOURS[5]
KINDS = ["toward", "away from"]
LETTERS = 24  #: in a line of a name
ROW = 70  #: pixels of the height of a pole
STRIP = 34  #: pixels of the height of an organisation
DEFINITION = (
    "Index: votes toward minus votes away, divided by all votes; an independent source has one vote a year and direction,",
    "which weighs 1 (asserted), 0.5 (probable) or 0.25 (possible).",
)


class Pole(NamedTuple):
    """The index of a pole in a year, −1 to 1, and on how many votes it rests."""

    pole: str
    year: int
    score: float
    votes: int


class Standing(NamedTuple):
    """What it is in an organisation, with any doubt of it, and the first year of which a claim tells so."""

    organisation: str
    year: int
    standing: str


def timeline(title: str, more: str, order: Sequence[str], poles: Sequence[Pole], standings: Sequence[Standing], claims: int) -> Picture:  # fmt: skip
    """The picture, poles in this order. ``more`` stands below the title, with the definition of the index where it is drawn."""
    years = [*(one.year for one in poles), *(one.year for one in standings)]
    x = {
        "type": "quantitative", "axis": year_axis(min(years), max(years)),
        "scale": {"domain": [min(years) - 0.6, max(years) + 0.6], "nice": False, "zero": False, "padding": 0},
    }  # fmt: skip
    panels = [panel for panel in (_belonging(standings, x), _moving(order, poles, x)) if panel]
    told = titled(title, claims, more)
    said = [told["subtitle"], *(DEFINITION if poles else ())]
    return Picture({"title": {**told, "subtitle": said}, "vconcat": panels, "spacing": 24}, claims)


def _belonging(standings: Sequence[Standing], x: dict[str, Any]) -> dict[str, Any] | None:
    if not standings:
        return None
    rows = [{"organisation": _lines(one.organisation), "year": one.year, "standing": one.standing} for one in standings]
    organisations = list(dict.fromkeys(row["organisation"] for row in rows))
    y = {"field": "organisation", "type": "nominal", "sort": organisations, "title": None, "axis": _NAMES}
    at = {"x": {"field": "year", **x}, "y": y}
    return {
        "title": {"text": "Belongs to, and the first year that a claim tells of", "fontSize": 13, "anchor": "start"},
        "data": {"values": rows}, "width": WIDTH, "height": STRIP * len(organisations), "encoding": at,
        "layer": [
            {"mark": {"type": "point", "shape": "diamond", "filled": True, "size": 120, "color": INK, "opacity": 1}},
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 12, "color": INK},
                "encoding": {"text": {"field": "standing"}},
            },
        ],
    }  # fmt: skip


def _moving(order: Sequence[str], poles: Sequence[Pole], x: dict[str, Any]) -> dict[str, Any] | None:
    if not poles:
        return None
    years = [one.year for one in poles]
    rows = [
        {"pole": _lines(one.pole), "year": one.year, "index": one.score, "votes": one.votes, "above": one.score >= 0}
        for one in poles
    ]
    y = {
        "field": "index", "type": "quantitative", "title": None, "scale": {"domain": [-1.35, 1.35], "nice": False},
        "axis": {"values": [-1, 0, 1], "format": "+d"},
    }  # fmt: skip
    width = max(3, min(16, 0.7 * WIDTH / (1 + max(years) - min(years))))
    return {
        "title": {"text": "Moves: the index by year, and beside each bar the number of votes", "fontSize": 13, "anchor": "start"},
        "data": {"values": rows},
        "facet": {
            "row": {
                "field": "pole", "type": "nominal", "sort": [*map(_lines, order)], "title": None,
                "header": {**_SPLIT, "labelAngle": 0, "labelAlign": "left", "labelFontSize": 12},
            }
        },
        "spacing": 8,
        "spec": {"width": WIDTH, "height": ROW, "layer": _bars(x, y, width)},
    }  # fmt: skip


def _bars(x: dict[str, Any], y: dict[str, Any], width: float) -> list[dict[str, Any]]:
    at = {"x": {"field": "year", **x}, "y": y}
    colour = {
        "type": "nominal", "title": None, "scale": {"domain": KINDS, "range": [TOWARD, AWAY]},
        "legend": {"orient": "bottom"},
    }  # fmt: skip
    named = [{"calculate": f"datum.above ? '{KINDS[0]}' : '{KINDS[1]}'", "as": "direction"}]
    number = {"type": "text", "fontSize": 11, "color": INK}
    return [
        {"mark": {"type": "rule", "color": "#888888"}, "encoding": {"y": {"datum": 0}}},
        {"transform": named, "mark": {"type": "bar", "size": width}, "encoding": {**at, "color": {"field": "direction", **colour}}},
        {"transform": [{"filter": "datum.above"}], "mark": {**number, "dy": -8}, "encoding": {**at, "text": {"field": "votes"}}},
        {"transform": [{"filter": "!datum.above"}], "mark": {**number, "dy": 9}, "encoding": {**at, "text": {"field": "votes"}}},
    ]  # fmt: skip


def _lines(name: str) -> str:
    return "\n".join(wrap(name, LETTERS))


_SPLIT = {"labelExpr": r"split(datum.label, '\n')", "labelLimit": 0, "labelPadding": 8}
_NAMES = {**_SPLIT, "ticks": False, "domain": False, "grid": True}
