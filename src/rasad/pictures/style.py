"""What all pictures share. The colours are those of Okabe and Ito (2008), which stay apart for colour-blind readers and in grey."""

from __future__ import annotations

from typing import Any

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#666666")
REST = "#BBBBBB"  #: of what is gathered under "others"
INK, FAINT = "#222222", "#DDDDDD"
WIDTH, HEIGHT = 640, 360

CONFIG: dict[str, Any] = {
    "background": "white",
    "font": "sans-serif",
    "padding": 12,
    "title": {"anchor": "start", "fontSize": 16, "subtitleFontSize": 12, "subtitleColor": "#555555", "offset": 12},
    "axis": {"gridColor": FAINT, "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 240, "layout": {"bottom": {"margin": 36}}},
    "range": {"category": list(COLOURS)},
    "view": {"stroke": None},
}


def year_axis(first: int, last: int, title: str | None = None) -> dict[str, Any]:
    """An axis with a mark at whole years only, at most sixteen of them."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= 16)
    return {"values": [*range(-(-first // step) * step, last + 1, step)], "format": "d", "title": title}
