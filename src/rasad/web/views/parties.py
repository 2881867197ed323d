"""An organisation, a bloc or a person: in which deals and relations it is what, what was said, how surely and when, for whom; under
which names, and with whom it is one."""

from __future__ import annotations

from rasad.analysis.asked import AskedRegister
from rasad.web.addresses import identifier
from rasad.web.pages import Pages
from rasad.web.subjects import (
    Certainty,
    DealsPage,
    Frame,
    Number,
    PartyPage,
    Role,
    SaidPage,
    Year,
    deals_page,
    party_page,
    said_page,
)

pages = Pages()


def _put(place: str, kind: str) -> None:
    """Puts the pages of a kind of party at a place: ``/people/zgurets-sergey``, ``/people/anonymous:experts``."""

    def deals(
        register: AskedRegister, name: str, frame: Frame = None, role: Role = None, page: Number = 1
    ) -> DealsPage:
        """The deals and relations that name an organisation, bloc or person as a party."""
        return deals_page(register, identifier(kind, name), frame, role, page)

    def said(
        register: AskedRegister, name: str, frame: Frame = None, certainty: Certainty = None, year: Year = None, page: Number = 1
    ) -> SaidPage:  # fmt: skip
        """What an organisation, a person, or the speakers of a kind that have no name are quoted with."""
        return said_page(register, identifier(kind, name), frame, certainty, year, page)

    def party(register: AskedRegister, name: str) -> PartyPage:
        """An organisation, a bloc, a person, or the speakers of a kind that have no name: as a party and as a speaker."""
        return party_page(register, identifier(kind, name))

    for view, ending, template in (
        (deals, "/deals", "listing.html"),
        (said, "/said", "said.html"),
        (party, "", "party.html"),
    ):
        view.__name__ = f"{kind}_{view.__name__}"
        pages.page(f"/{place}/{{name}}{ending}", template=template)(view)


_put("organisations", "org")
_put("people", "person")
