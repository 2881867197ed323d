"""A person as a speaker: what was said, how surely, when, for whom; under which names, with whom he or she is one; and as a party."""

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


@pages.page("/people/{name}/deals", template="listing.html")
def person_deals(
    register: AskedRegister, name: str, frame: Frame = None, role: Role = None, page: Number = 1
) -> DealsPage:
    """The deals and relations that name a person as a party."""
    return deals_page(register, identifier("person", name), frame, role, page)


@pages.page("/people/{name}/said", template="said.html")
def person_said(
    register: AskedRegister, name: str, frame: Frame = None, certainty: Certainty = None, year: Year = None, page: Number = 1
) -> SaidPage:  # fmt: skip
    """What a person, or the speakers of a kind that have no name, are quoted with."""
    return said_page(register, identifier("person", name), frame, certainty, year, page)


@pages.page("/people/{name}", template="party.html")
def person(register: AskedRegister, name: str) -> PartyPage:
    """A person, or the speakers of a kind that have no name: ``/people/anonymous:experts``."""
    return party_page(register, identifier("person", name))
