"""An organisation or bloc: in which deals and relations it is what, what it said, under which names, with whom it is one."""

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


@pages.page("/organisations/{name}/deals", template="listing.html")
def organisation_deals(
    register: AskedRegister, name: str, frame: Frame = None, role: Role = None, page: Number = 1
) -> DealsPage:
    """The deals and relations of an organisation or bloc."""
    return deals_page(register, identifier("org", name), frame, role, page)


@pages.page("/organisations/{name}/said", template="said.html")
def organisation_said(
    register: AskedRegister, name: str, frame: Frame = None, certainty: Certainty = None, year: Year = None, page: Number = 1
) -> SaidPage:  # fmt: skip
    """What an organisation is quoted with."""
    return said_page(register, identifier("org", name), frame, certainty, year, page)


@pages.page("/organisations/{name}", template="party.html")
def organisation(register: AskedRegister, name: str) -> PartyPage:
    """An organisation or bloc, as a party and as a speaker."""
    return party_page(register, identifier("org", name))
