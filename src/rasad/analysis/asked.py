"""A register that answers: ``rasad.open_register("rasad.db").market("KAZ")``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasad import analysis
from rasad.register import Register
from rasad.register.database import connect

if TYPE_CHECKING:
    from rasad.analysis.accusations import Allegations
    from rasad.analysis.alignments import Alignment
    from rasad.analysis.briefs import Brief
    from rasad.analysis.dependences import Dependence
    from rasad.analysis.embargoed import Embargoes
    from rasad.analysis.markets import Market, Supplier
    from rasad.analysis.transfers import Flows


class AskedRegister(Register):
    """A :class:`Register` with what an analyst asks as its methods. Each takes what the function of its name in
    :mod:`rasad.analysis` takes, gives what that gives, and raises what that raises."""

    def market(self, buyer: str, **asked: Any) -> Market:
        """Who arms a country."""
        return analysis.market(self, buyer, **asked)

    def supplier(self, seller: str, **asked: Any) -> Supplier:
        """Whom a country arms."""
        return analysis.supplier(self, seller, **asked)

    def flows(self, **filters: Any) -> Flows:
        """Which states arm which."""
        return analysis.flows(self, **filters)

    def dependence(self, holder: str | None = None, **asked: Any) -> Dependence:
        """Whom a country depends on, or who depends on whom for a system. Who can keep which system going is read once for all
        questions, as long as nothing is added."""
        from rasad.analysis.upkeep import support_of

        if holder or asked.get("item"):
            asked.setdefault("support", support_of(self))
        return analysis.dependence(self, holder, **asked)

    def allegations(self, **asked: Any) -> Allegations:
        """What is alleged, and what came of it."""
        return analysis.allegations(self, **asked)

    def alignment(self, who: str, **asked: Any) -> Alignment:
        """Where a country is drifting."""
        return analysis.alignment(self, who, **asked)

    def embargoes(self, target: str | None = None, **asked: Any) -> Embargoes:
        """Arms embargoes, and the deals that fall into them."""
        return analysis.embargoes(self, target, **asked)

    def brief(self, of: str) -> Brief:
        """One report on a country."""
        return analysis.brief(self, of)


def open_register(address: str | Path | None = None, *, create: bool = False) -> AskedRegister:
    """Opens a register as :func:`rasad.register.open_register` does, that answers what an analyst asks."""
    return AskedRegister(connect(address, create=create))
