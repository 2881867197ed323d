"""A dependence diagram: holders, systems and providers in three layers, and what hangs on one provider in another line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from rasad.pictures import NothingToDrawError, Picture, titled
from rasad.pictures.style import COLOURS, INK

MOST = 24  #: names that are drawn in a layer
ROW, ACROSS = 30, 680  #: pixels between two names, and from the holders to the providers
LETTER = 7.2  #: pixels of a letter, with some to spare
LINES = {
    "stated": (COLOURS[0], 3.5),
    "inferred": (COLOURS[5], 2.2),
    "assumed": (COLOURS[1], 1.4),
    "known": ("#888888", 0.8),
}  #: colour and width
BREAKS, HOLDS = "would break: nobody else is known", "would hold, or another is known"
DASHES = {BREAKS: [7, 5], HOLDS: [1, 0]}
MEANINGS = {
    "stated": "dependence that is stated",
    "inferred": "dependence that is inferred",
    "assumed": "assumed: nobody says it, it is the maker",
    "known": "has it, supplies or services it",
}
HEADS = ("Who has or needs it", "System", "Who makes, services or gives it")


class Link(NamedTuple):
    """A way from a holder over a system to a provider, by name; one end may be unknown. ``breaks``: it hangs on this provider."""

    holder: str | None
    system: str
    provider: str | None
    basis: Literal["stated", "inferred", "assumed", "known"]
    breaks: bool
    deals: tuple[str, ...] = ()


def chosen(links: Sequence[Link]) -> list[Link]:
    """As many links as can be read: of :data:`MOST` systems, holders and providers each, those of a dependence that is told first,
    then those of whom something is told, those with most deals first."""
    found = sorted(links, key=_telling)
    for place in range(3):
        named = dict.fromkeys(name for link in found if (name := link[place]) is not None)
        kept = {None, *list(named)[:MOST]}
        found = [link for link in found if link[place] in kept]
    left = {link.system for link in links if link.holder} - {link.system for link in found if link.holder}
    return [link for link in found if link.system not in left]


def diagram(title: str, every: Sequence[Link], claims: Callable[[Iterable[Link]], int]) -> Picture:
    """The diagram of as many links as can be read; ``claims`` counts those behind some. Raises PictureError where there are none."""
    links = chosen(every)
    if not links:
        raise NothingToDrawError(
            f"{title}: there is nothing to draw; nobody is said to depend on, make or service anything here"
        )
    layers = _layers(links)
    high = max(map(len, layers))
    places = {
        (layer, name): _middle(place, len(names), high)
        for layer, names in enumerate(layers)
        for place, name in enumerate(names)
    }
    more = ", ".join(_left_out(links, every))
    behind = claims(links)
    room = min(0.3, (max(len(name) for name in layers[1]) / 2 + 1) * LETTER / (ACROSS / 2))
    return Picture(
        {
            "title": titled(title, behind, more), "width": ACROSS, "height": ROW * (high + 1),
            "layer": [_lines(links, places, room), *_names(layers, places), _heads(high)],
        },
        behind,
    )  # fmt: skip


def _left_out(links: Sequence[Link], every: Sequence[Link]) -> Iterator[str]:
    """How many of each layer are drawn, where some are not."""
    for place, what in enumerate(("holders", "systems", "providers")):
        drawn, there = ({link[place] for link in some} - {None} for some in (links, every))
        if len(drawn) < len(there):
            yield f"{len(drawn)} of {len(there):,} {what}"


def _telling(link: Link) -> tuple[int, bool, int, str]:
    """What is stated or inferred, who is told to give something, what is assumed, who only has it."""
    told = link.basis in ("stated", "inferred")
    rank = 0 if told else 1 if link.basis == "known" and link.provider else 2 if link.holder and link.provider else 3
    return rank, not link.breaks, -len(link.deals), link.system


def _weight(link: Link) -> tuple[bool, int, str]:
    return not link.breaks, list(LINES).index(link.basis), link.system


def _layers(links: Sequence[Link]) -> tuple[list[str], list[str], list[str]]:
    """Systems by name, each holder and provider near the middle of its systems, so that few lines cross."""
    systems = sorted({link.system for link in links})
    return (
        _beside(((link.holder, link.system) for link in links), systems),
        systems,
        _beside(((link.provider, link.system) for link in links), systems),
    )


def _beside(pairs: Iterable[tuple[str | None, str]], systems: Sequence[str]) -> list[str]:
    near: dict[str, list[int]] = defaultdict(list)
    for name, system in pairs:
        if name is not None:
            near[name].append(systems.index(system))
    return sorted(near, key=lambda name: (sum(near[name]) / len(near[name]), name))


def _middle(place: int, count: int, high: int) -> float:
    """The height of a name, of as many as there are in its layer, evenly over the height of the highest."""
    return (place + 0.5) * high / count


def _lines(links: Sequence[Link], places: dict[tuple[int, str], float], room: float) -> dict[str, Any]:
    """Every line once, the one that tells most: what breaks before what holds, what is stated before what is inferred."""
    told: dict[tuple[float, ...], dict[str, Any]] = {}
    for link in sorted(links, key=_weight):
        at = places[1, link.system]
        ends = []
        if link.holder is not None:
            ends.append((0.0, places[0, link.holder], 1 - room, at))
        if link.provider is not None:
            ends.append((1 + room, at, 2.0, places[2, link.provider]))
        for x, y, x2, y2 in ends:
            told.setdefault((x, y, x2, y2), {
                "x": x, "y": y, "x2": x2, "y2": y2, "basis": MEANINGS[link.basis], "fate": BREAKS if link.breaks else HOLDS,
            })  # fmt: skip
    drawn = {line["basis"] for line in told.values()}
    bases = [basis for basis in LINES if MEANINGS[basis] in drawn]
    fates = [fate for fate in DASHES if fate in {line["fate"] for line in told.values()}]
    scale = {"domain": [MEANINGS[basis] for basis in bases], "range": [LINES[basis][0] for basis in bases]}
    return {
        "data": {"values": list(reversed(told.values()))},
        "mark": {"type": "rule"},
        "encoding": {
            "x": _across("x"), "y": _down("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"},
            "color": {"field": "basis", "type": "nominal", "scale": scale, "legend": _legend()},
            "strokeWidth": {"field": "basis", "type": "nominal", "legend": _legend(), "scale": scale | {"type": "ordinal", "range": [LINES[basis][1] for basis in bases]}},
            "strokeDash": {"field": "fate", "type": "nominal", "legend": _legend(), "scale": {"domain": fates, "range": [DASHES[fate] for fate in fates]}},
        },
    }  # fmt: skip


def _names(layers: Sequence[Sequence[str]], places: dict[tuple[int, str], float]) -> list[dict[str, Any]]:
    aligned = (("right", -8), ("center", 0), ("left", 8))
    return [
        {
            "data": {"values": [{"x": layer, "y": places[layer, name], "name": name} for name in names]},
            "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK, "fontWeight": "bold" if layer == 1 else "normal"},
            "encoding": {"x": _across("x"), "y": _down("y"), "text": {"field": "name"}},
        }
        for layer, (names, (align, dx)) in enumerate(zip(layers, aligned, strict=True))
    ]  # fmt: skip


def _heads(high: int) -> dict[str, Any]:
    return {
        "data": {"values": [{"x": layer, "y": -0.4, "name": head} for layer, head in enumerate(HEADS)]},
        "mark": {"type": "text", "fontSize": 12, "fontStyle": "italic", "color": "#555555"},
        "encoding": {"x": _across("x"), "y": _down("y", high), "text": {"field": "name"}},
    }


def _across(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, 2], "nice": False}}


def _down(field: str, high: int | None = None) -> dict[str, Any]:
    domain = {} if high is None else {"domain": [-0.8, high]}
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"reverse": True, "nice": False, "zero": False, **domain},
    }


def _legend() -> dict[str, Any]:
    return {
        "title": None,
        "orient": "bottom",
        "columns": 1,
        "symbolType": "stroke",
        "symbolSize": 900,
        "symbolStrokeWidth": 2.5,
        "labelLimit": 400,
    }
