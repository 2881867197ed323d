"""How many independent sources stand behind a deal, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from rasad.pictures import NothingToDrawError, Picture, titled
from rasad.pictures.style import COLOURS, HEIGHT, INK, WIDTH

BARS = ((1, 1, "1"), (2, 2, "2"), (3, 3, "3"), (4, 4, "4"), (5, 9, "5 to 9"), (10, None, "10 and more"))
AGREE, DISAGREE = "sources do not disagree", "sources disagree"


def supported(rows: Sequence[tuple[int, int, int]], claims: int, asked: str = "") -> Picture:
    """Bars of the transfers that one, two, three … independent sources tell of. A row is a number of sources, how many transfers
    have it, and on how many of these sources disagree; ``asked`` says which transfers are meant. Raises PictureError where there are none."""
    total = sum(count for _, count, _ in rows)
    if not total:
        raise NothingToDrawError("sources: there is nothing to draw; no transfer that passes was ordered or delivered")
    bars, tallest = [], 0
    highest = max(sources for sources, _, _ in rows)
    shown = [bar for bar in BARS if bar[0] <= max(highest, 3)]
    for first, last, name in shown:
        some = [row for row in rows if first <= row[0] and (last is None or row[0] <= last)]
        count, disputed = sum(row[1] for row in some), sum(row[2] for row in some)
        tallest = max(tallest, count)
        bars += [
            {"sources": name, "sort": first, "kind": kind, "transfers": value, "all": count, "share": f"{count:,} ({count / total:.0%})"}
            for kind, value in ((AGREE, count - disputed), (DISAGREE, disputed))
        ]  # fmt: skip
    x = {
        "field": "sources",
        "type": "ordinal",
        "sort": [name for *_, name in shown],
        "title": "independent sources",
        "axis": {"labelAngle": 0},
    }
    spec = {
        "title": titled(f"How many independent sources tell of a transfer{asked}", claims, f"{total:,} transfers, ordered or delivered"),
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": bars},
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "transfers", "type": "quantitative", "title": "transfers", "scale": {"domainMax": 1.1 * tallest},
                        "axis": {"tickMinStep": 1, "format": ",d"},
                    },
                    "color": {
                        "field": "kind", "type": "nominal", "scale": {"domain": [AGREE, DISAGREE], "range": [COLOURS[0], COLOURS[1]]},
                        "legend": {"title": None, "orient": "top"},
                    },
                },
            },
            {
                "transform": [{"filter": f"datum.kind == '{AGREE}'"}],
                "mark": {"type": "text", "dy": -8, "color": INK, "fontSize": 12},
                "encoding": {"x": x, "y": {"field": "all", "type": "quantitative"}, "text": {"field": "share"}},
            },
        ],
    }  # fmt: skip
    return Picture(spec, claims)
