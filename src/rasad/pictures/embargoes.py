"""When embargoes were in force, and in which years deals fall into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from rasad.pictures import Picture, titled
from rasad.pictures.style import COLOURS, INK, WIDTH, year_axis

MOST = 20  #: targets in one picture, those with most deals; the others are counted in the title
LANE = 50  #: pixels for each target
ISSUERS = {"UN": COLOURS[0], "EU": COLOURS[1], "OSCE": COLOURS[2]}
OTHERWISE = "between deliveries, told of or reported"
MARKS = {"ordered": ("triangle-up", 26), "delivered": ("circle", 35), OTHERWISE: ("diamond", 43)}  #: shape, pixels down
LEGEND = {"orient": "bottom"}
ROOM = 4  #: years at least, so that a short embargo is not drawn wide


class Bar(NamedTuple):
    """An embargo on a target; ``until`` None: in force."""

    target: str
    issuer: str
    reach: str
    since: date
    until: date | None


class Mark(NamedTuple):
    """To how many deals of a target something happened in a year."""

    target: str
    year: int
    what: str
    deals: int


def timeline(bars: Sequence[Bar], marks: Sequence[Mark], claims: Mapping[str, int]) -> Picture:
    """For each target a lane: above its embargoes (pale: only a part), below, by year, the deals that fall into them. ``claims`` are
    those behind the deals of each target."""
    deals = Counter[str]()
    for mark in marks:
        deals[mark.target] += mark.deals
    shown = [target for target, _ in sorted(deals.items(), key=lambda one: (-one[1], one[0]))[:MOST]]
    left_out = f"; {len(deals) - MOST} targets with fewer left out" if len(deals) > MOST else ""
    last = max([mark.year for mark in marks] + [(bar.until or bar.since).year for bar in bars]) + 1
    first = min([mark.year for mark in marks] + [bar.since.year for bar in bars])
    first, last = first - max(0, ROOM - last + first), last + max(0, ROOM - last + first)
    lanes = _lanes(bar for bar in bars if bar.target in shown)
    behind = sum(claims[target] for target in shown)
    spec: dict[str, Any] = {
        "title": titled("Arms embargoes and deals to be looked at", behind, f"By target and year; pale bars cover only a part{left_out}"),
        "width": WIDTH, "height": LANE * len(shown),
        "encoding": {"y": {"field": "target", "type": "nominal", "sort": shown, "title": None,
                           "axis": {"grid": True, "bandPosition": 0, "ticks": False, "labelLimit": 200, "domain": False}}},
        "layer": [_bars(lanes, first, last), _marks([mark for mark in marks if mark.target in shown], first, last)],
        "resolve": {"scale": {"color": "independent", "shape": "independent", "size": "independent"}},
    }  # fmt: skip
    return Picture(spec, behind)


def _lanes(bars: Iterable[Bar]) -> list[dict[str, Any]]:
    """Each bar with the row of its issuer within the lane."""
    rows = {issuer: place for place, issuer in enumerate(ISSUERS)}
    return [bar._asdict() | {"row": rows[bar.issuer]} for bar in bars]


def _bars(bars: Iterable[dict[str, Any]], first: int, last: int) -> dict[str, Any]:
    values = [
        {**bar, "since": _year(bar["since"]), "until": _year(bar["until"]) if bar["until"] else last} for bar in bars
    ]
    layers = [
        {
            "transform": [{"filter": f"datum.issuer == '{issuer}'"}],
            "mark": {"type": "bar", "height": 5, "yOffset": 5 + 6 * place - LANE / 2},
        }
        for place, issuer in enumerate(ISSUERS)
    ]
    return {
        "data": {"values": values},
        "encoding": {
            "x": _axis("since", first, last),
            "x2": {"field": "until"},
            "color": {
                "field": "issuer",
                "type": "nominal",
                "title": "Embargo of",
                "legend": LEGEND,
                "scale": {"domain": list(ISSUERS), "range": list(ISSUERS.values())},
            },
            "opacity": {
                "field": "reach",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": ["whole", "part"], "range": [1, 0.4]},
            },
        },
        "layer": layers,
    }


def _marks(marks: Sequence[Mark], first: int, last: int) -> dict[str, Any]:
    most = max(mark.deals for mark in marks)
    shapes = {"domain": list(MARKS), "range": [shape for shape, _ in MARKS.values()]}
    return {
        "data": {"values": [{**mark._asdict(), "at": mark.year + 0.5} for mark in marks]},
        "encoding": {
            "x": _axis("at", first, last),
            "shape": {"field": "what", "type": "nominal", "title": "Deals", "legend": LEGEND | {"columns": 1}, "scale": shapes},
            "size": {"field": "deals", "type": "quantitative", "title": "How many", "legend": LEGEND | {"values": _steps(most)}, "scale": {"range": [25, 160], "domain": [1, max(2, most)]}},
        },
        "layer": [
            {"transform": [{"filter": {"field": "what", "equal": what}}],
             "mark": {"type": "point", "filled": True, "color": INK, "opacity": 0.85, "yOffset": down - LANE / 2}}
            for what, (_, down) in MARKS.items()
        ],
    }  # fmt: skip


def _axis(field: str, first: int, last: int) -> dict[str, Any]:
    scale = {"domain": [first, last], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": year_axis(first, last), "title": None}


def _steps(most: int) -> list[int]:
    """Up to three whole numbers of deals for the legend."""
    return sorted({1, -(-most // 2), most})


def _year(day: date) -> float:
    """A day as a year and its part."""
    return day.year + (day.timetuple().tm_yday - 1) / 366
