"""What an analyst asks of a register: ``rasad.analysis.market(register, "KAZ")`` and its siblings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasad.analysis.accusations import allegations as allegations
    from rasad.analysis.alignments import alignment as alignment
    from rasad.analysis.briefs import brief as brief
    from rasad.analysis.dependences import dependence as dependence
    from rasad.analysis.embargoed import embargoes as embargoes
    from rasad.analysis.markets import market as market
    from rasad.analysis.markets import supplier as supplier
    from rasad.analysis.transfers import flows as flows

#: The module of each function. None has the name of its function, which it would hide once it is loaded.
PLACES = {
    "market": "markets", "supplier": "markets", "flows": "transfers", "dependence": "dependences",
    "allegations": "accusations", "alignment": "alignments", "embargoes": "embargoed", "brief": "briefs",
}  # fmt: skip

__all__ = ["alignment", "allegations", "brief", "dependence", "embargoes", "flows", "market", "supplier"]


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
