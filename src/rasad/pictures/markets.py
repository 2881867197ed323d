"""Who arms whom over time, category by category, and how concentrated that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from rasad.pictures import NothingToDrawError, Picture, titled
from rasad.pictures.style import COLOURS, HEIGHT, INK, REST, WIDTH

SHOWN = 7  #: parties that have a colour of their own
OTHERS, UNNAMED = "others", "not named"
NOBODY, EDGE = "#FFFFFF", "#888888"
WHOLE_ONLY = "datum.value % 1 ? '' : datum.label"  #: labels of an axis that counts
BREAK = "|"  #: between the lines of a label
ACROSS = 3  #: categories beside each other
SMALL = (190, 120)  #: width and height of a category's own bars
MODERATELY, HIGHLY = 1000, 1800  #: above which the U.S. Department of Justice calls a market concentrated
ROOMY = 12  #: periods up to which there is room for numbers
STEP, CROWDED_STEP = 90, 18  #: pixels of a period, with numbers and without
WHOLE = 10_000  #: the index where one has all


class Bar(NamedTuple):
    """The deals of one party in a category (None: not told) and a period."""

    period: str
    category: str | None
    party: str | None
    deals: int


class Level(NamedTuple):
    """The Herfindahl–Hirschman index of a period, from 0 to 10,000, and of how many parties and deals it is."""

    period: str
    hhi: float
    parties: int
    deals: int


def shares_over_time(title: str, parties: str, bars: Sequence[Bar], periods: Sequence[str], claims: int) -> Picture:
    """Bars of the deals with each of the ``parties`` ("suppliers"), period by period, for each category. ``periods`` are all that
    there are, in order. Raises PictureError where there are no bars."""
    if not bars:
        raise NothingToDrawError(f"{title}: there is nothing to draw, no deal is known")
    known: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for bar in bars:
        known[bar.party or UNNAMED] += bar.deals
        categories[_told(bar.category)] += bar.deals
    own = sorted((name for name in known if name != UNNAMED), key=lambda name: (-known[name], name))
    shown = own if len(own) <= SHOWN + 1 else own[:SHOWN]
    colours = dict(zip(shown, COLOURS, strict=False))
    colours |= {OTHERS: REST} if len(own) > len(shown) else {}
    colours |= {UNNAMED: NOBODY} if UNNAMED in known else {}
    order = list(colours)
    ranked = sorted(categories, key=lambda name: (-categories[name], name))
    values = [
        {
            "period": bar.period, "deals": bar.deals, "party": party, "order": order.index(party),
            "category": _told(bar.category), "rank": ranked.index(_told(bar.category)),
        }
        for bar in bars
        for party in [bar.party if bar.party in colours else OTHERS if bar.party else UNNAMED]
    ]  # fmt: skip
    values.sort(key=lambda value: (value["rank"], value["period"], value["order"]))
    whole = {"condition": {"test": "datum.value % 1 === 0", "value": 1}, "value": 0}
    counts = {"format": "d", "tickMinStep": 1, "labelExpr": WHOLE_ONLY, "gridOpacity": whole, "tickOpacity": whole}
    several = len(categories) > 1
    encoding: dict[str, Any] = {
        "x": {"field": "period", "type": "ordinal", "scale": {"domain": list(periods)}, "axis": {"title": None, "labelAngle": -60 if several or len(periods) > ROOMY else 0, "labelOverlap": "parity"}},
        "y": {
            "field": "deals", "type": "quantitative", "aggregate": "sum",
            "axis": {"title": "deals", "tickCount": 4, "minExtent": 28, **counts},
        },
        "color": {
            "field": "party", "type": "nominal", "scale": {"domain": order, "range": list(colours.values())},
            "legend": {"title": parties, "orient": "bottom", "columns": 5, "symbolType": "square", "symbolStrokeColor": EDGE, "symbolStrokeWidth": 0.7},
        },
        "stroke": {"condition": {"test": f"datum.party === '{UNNAMED}'", "value": EDGE}, "value": "white"},
        "order": {"field": "order", "type": "quantitative"},
    }  # fmt: skip
    mark = {"type": "bar", "strokeWidth": 0.7}
    about = f"{sum(known.values()):,} deals by year of order"
    if not several:
        alone = {"mark": mark, "encoding": encoding, "width": WIDTH, "height": HEIGHT}
        return Picture({"data": {"values": values}, "title": titled(title, claims, about), **alone}, claims)
    header = {"title": None, "labelFontSize": 13, "labelFontWeight": "bold", "labelColor": INK}
    return Picture(
        {
            "data": {"values": values},
            "title": titled(f"{title}, by category", claims, f"{about}; each category has a scale of its own"),
            "facet": {"field": "category", "type": "nominal", "sort": ranked, "header": header},
            "columns": min(ACROSS, len(categories)),
            "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
            "spec": {"mark": mark, "encoding": encoding, "width": SMALL[0], "height": SMALL[1]},
        },
        claims,
    )  # fmt: skip


def concentration_over_time(
    title: str, parties: str, levels: Sequence[Level], periods: Sequence[str], claims: int
) -> Picture:
    """The index of each period as a line that a period without deals breaks, with the two levels above which a market is called
    concentrated. ``periods`` are all that there are, in order. Raises PictureError where no level is known."""
    if not levels:
        raise NothingToDrawError(f"{title}: there is nothing to draw, no deal of a known year names its {parties}")
    known = {level.period: level for level in levels}
    crowded = len(periods) > ROOMY
    values = [
        {
            "period": period if crowded else _counted(period, known.get(period), parties),
            "hhi": known[period].hhi if period in known else None,
        }
        for period in periods
    ]  # fmt: skip
    x = {
        "field": "period", "type": "ordinal", "sort": None,
        "axis": {"title": None, "labelAngle": -60 if crowded else 0, "labelExpr": f"split(datum.label, '{BREAK}')"},
    }  # fmt: skip
    y = {
        "field": "hhi", "type": "quantitative", "scale": {"domain": [0, 1.1 * WHOLE]},
        "axis": {"title": "Herfindahl–Hirschman index of deals", "values": list(range(0, WHOLE + 1, 2000)), "format": ",d"},
    }  # fmt: skip
    line = {
        "type": "line",
        "color": COLOURS[0],
        "strokeWidth": 2,
        "point": {"filled": True, "size": 70, "color": COLOURS[0]},
    }
    layers: list[dict[str, Any]] = [
        _bounds(y),
        {"data": {"values": values}, "encoding": {"x": x, "y": y}, "mark": line},
    ]
    if not crowded:
        told = {"x": x, "y": y, "text": {"field": "hhi", "format": ",.0f"}}
        for halo in ({"stroke": "white", "strokeWidth": 4}, {}):
            mark = {"type": "text", "fontSize": 11, "fontWeight": "bold", "dy": -14, "color": INK, **halo}
            layers.append({"data": {"values": values}, "encoding": told, "mark": mark})
    about = "the squared shares added up: 10,000 where one alone has all"
    width = max(WIDTH, len(periods) * (CROWDED_STEP if crowded else STEP))
    return Picture({"title": titled(title, claims, about), "width": width, "height": HEIGHT, "layer": layers}, claims)


def _bounds(y: dict[str, Any]) -> dict[str, Any]:
    """Broken lines where a market begins to be called concentrated, with their names beside the picture."""
    bounds = [{"hhi": MODERATELY, "told": "moderately concentrated"}, {"hhi": HIGHLY, "told": "highly concentrated"}]
    name = {"type": "text", "fontSize": 11, "color": INK, "x": "width", "dx": 6, "align": "left"}
    return {
        "data": {"values": bounds}, "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 4], "color": EDGE}},
            {"mark": name, "encoding": {"text": {"field": "told"}}},
        ],
    }  # fmt: skip


def _counted(period: str, level: Level | None, parties: str) -> str:
    if level is None:
        return BREAK.join((period, "no deals"))
    deals = f"{level.deals:,} deal{'' if level.deals == 1 else 's'}"
    return BREAK.join(
        (period, deals, f"{level.parties:,} {parties if level.parties != 1 else parties.removesuffix('s')}")
    )


def _told(category: str | None) -> str:
    return category.replace("-", " ") if category else "of no known category"
