"""Accusations through time: a row for each, with how it stands and who denies it beside its name, and a mark for each finding and
denial at its date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from textwrap import wrap
from typing import Any, NamedTuple

from rasad.pictures import Picture, titled
from rasad.pictures.style import COLOURS, FAINT, INK, WIDTH, year_axis
from rasad.reports.wording import wording

CROSS = "M-1,-.7L-.7,-1L0,-.3L.7,-1L1,-.7L.3,0L1,.7L.7,1L0,.3L-.7,1L-1,.7L-.3,0Z"
#: Shape and colour of each finding, and of a denial: apart in either alone.
MARKS = {
    "alleged": ("circle", COLOURS[7]), "investigated": ("square", COLOURS[4]), "charged": ("diamond", COLOURS[1]),
    "proven": ("triangle-up", COLOURS[5]), "unproven": ("triangle-down", COLOURS[0]), "dismissed": ("cross", COLOURS[2]),
    "denied": (CROSS, INK),
}  # fmt: skip
LINE = 15  #: pixels from one line of a name to the next
LETTERS = 52  #: in a line of a name
SHORT = 10  #: characters of an id that are shown: enough for `rasad show`
STEP = 0.24  #: of a row, between marks of one time

Mark = tuple[str, float]  #: what is told, and when, in years


class Accused(NamedTuple):
    """A row: its name in lines, and its marks."""

    name: tuple[str, ...]
    marks: Sequence[Mark]


def named(accused: str, offence: str, accusers: Sequence[str], sources: int, standing: str, denial: str, identifier: str) -> tuple[str, ...]:  # fmt: skip
    """The name of a row: who is accused of what, by whom, how it stands, who denies it."""
    by = f"accused by {', '.join(accusers)}" if accusers else "accuser not named"
    count = f"{sources} source{'' if sources == 1 else 's'}"
    told = (f"{accused}: {offence}", f"{by} ({count}, {identifier[:SHORT]})", f"{standing}; {denial}")
    return tuple(line for part in told for line in wrap(part, LETTERS))


def years(date: str | int) -> float:
    """A date (ISO 8601, as far as it is known) or a year as a number of years; what is not known lies in the middle."""
    year, *rest = (int(part) for part in str(date).split("-"))
    if not rest:
        return year + 0.5
    month, day = rest[0], rest[1] if len(rest) > 1 else 15.5
    return year + (month - 1) / 12 + (day - 0.5) / 372


def timeline(title: str, more: str, rows: Sequence[Accused], claims: int) -> Picture:
    """The picture of these rows, from above, each of which has a mark. ``more`` stands below the title."""
    marks = [
        {**mark, "place": row + mark["offset"]} for row, accused in enumerate(rows) for mark in _placed(accused.marks)
    ]
    told = wording().findings | {"denied": "denied"}
    seen = [kind for kind in MARKS if any(mark["kind"] == kind for mark in marks)]
    first, last = floor(min(mark["when"] for mark in marks)), ceil(max(mark["when"] for mark in marks))
    most = max(len(accused.name) for accused in rows)
    labels = {
        "values": list(range(len(rows))), "labelExpr": "names[datum.value]", "labelLimit": 0, "labelLineHeight": LINE, "labelOffset": -LINE * (most - 1) / 2,
        "labelBaseline": "middle", "title": None, "grid": False, "ticks": False, "domain": False, "labelPadding": 10,
    }  # fmt: skip
    y = {
        "type": "quantitative",
        "axis": labels,
        "scale": {"domain": [len(rows) - 0.5, -0.5], "nice": False, "zero": False},
    }
    x = {
        "type": "quantitative", "scale": {"domain": [first, last], "nice": False, "zero": False, "padding": 12},
        "axis": year_axis(first, last, "reported (happened, where the report has no date)"),
    }  # fmt: skip
    kind = {
        "field": "kind", "type": "nominal", "sort": seen, "title": None,
        "legend": {"orient": "bottom", "columns": 4, "symbolSize": 130, "labelExpr": _legend(told)},
    }  # fmt: skip
    lines = [
        {"row": row, "from": min(when for _, when in accused.marks), "to": max(when for _, when in accused.marks)}
        for row, accused in enumerate(rows)
    ]
    spec = {
        "title": titled(title, claims, more),
        "params": [{"name": "names", "value": [list(accused.name) for accused in rows]}],
        "width": WIDTH, "height": len(rows) * LINE * (most + 1),
        "layer": [
            {
                "data": {"values": [{"edge": row - 0.5} for row in range(1, len(rows))]},
                "mark": {"type": "rule", "color": FAINT}, "encoding": {"y": {"field": "edge", **y}},
            },
            {
                "data": {"values": lines}, "mark": {"type": "rule", "color": "#999999", "strokeWidth": 1.5},
                "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": {"field": "row", **y}},
            },
            {
                "data": {"values": marks}, "mark": {"type": "point", "filled": True, "opacity": 1, "size": 130},
                "encoding": {
                    "x": {"field": "when", **x}, "y": {"field": "place", **y},
                    "color": {**kind, "scale": {"domain": seen, "range": [MARKS[k][1] for k in seen]}},
                    "shape": {**kind, "scale": {"domain": seen, "range": [MARKS[k][0] for k in seen]}},
                },
            },
        ],
    }  # fmt: skip
    return Picture(spec, claims)


def _placed(marks: Iterable[Mark]) -> Iterable[dict[str, Any]]:
    """The marks of a row, those of one time one above the other around its middle."""
    order = list(MARKS)
    at: dict[float, list[str]] = {}
    for kind, when in dict.fromkeys(marks):
        at.setdefault(when, []).append(kind)
    for when, kinds in at.items():
        for place, kind in enumerate(sorted(kinds, key=order.index)):
            yield {"kind": kind, "when": when, "offset": (place - (len(kinds) - 1) / 2) * STEP}


def _legend(told: dict[str, str]) -> str:
    cases = "".join(f"datum.label == '{kind}' ? '{words}' : " for kind, words in told.items())
    return f"{cases}datum.label"
