"""The states of the register: how often each supplies, receives and is accused, and under which embargoes it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec
from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.analysis.embargo_table import Embargo, embargo_table
from rasad.languages.words import fold
from rasad.register import Register, State
from rasad.register.listing import country_names
from rasad.register.state import Once
from rasad.web.pages import PageData, Pages

pages = Pages()
_states: Once[tuple[State, ...]] = Once(Register.states)
Order = Literal["name", "received", "supplied", "allegations"]


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """A state, and who has an arms embargo on it today (``embargoes``), or had one since 1990 (``earlier``)."""

    id: str
    name: str
    received: int
    supplied: int
    allegations: int
    embargoes: tuple[str, ...]
    earlier: tuple[str, ...]


class CountriesPage(PageData, frozen=True, kw_only=True):
    """The states that are asked for, of ``total`` in the register."""

    TABLE: ClassVar[str] = "countries"

    countries: tuple[Country, ...]
    total: int
    q: str
    order: Order
    embargoed: bool


@pages.page("/countries", template="countries.html")
def countries(
    register: AskedRegister,
    q: Annotated[str, Query(max_length=200, description="Only those called so, in any language.")] = "",
    order: Annotated[Order, Query(description="By name, or by number.")] = "name",
    embargoed: Annotated[bool, Query(description="Only those that are under an embargo today.")] = False,
) -> CountriesPage:
    """The states of the register, with their deals, accusations and embargoes."""
    every = _states(register)
    found = [_country(one) for one in every if not q or _is_called(one, fold(q))]
    shown = [one for one in found if one.embargoes or not embargoed]
    if order != "name":
        shown.sort(key=lambda one: -getattr(one, order))
    return CountriesPage(countries=tuple(shown), total=len(every), q=q, order=order, embargoed=embargoed)


def _is_called(state: State, words: str) -> bool:
    return any(words in name for name in (fold(state.name), fold(state.id), *country_names().get(state.id, ())))


def _country(state: State) -> Country:
    on_it = [one for one in embargo_table() if state.id in one.targets]
    now = _issuers(one for one in on_it if one.until is None or one.until >= date.today())
    return Country(
        id=state.id, name=state.name, received=state.received, supplied=state.supplied, allegations=state.allegations, embargoes=now,
        earlier=tuple(issuer for issuer in _issuers(on_it) if issuer not in now),
    )  # fmt: skip


def _issuers(some: Iterable[Embargo]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.issuer for one in some))
