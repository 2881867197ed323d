"""A deal or relation, unfolded: each field with its competing values and their sources, its history, its evidence."""

from __future__ import annotations

from typing import ClassVar

from rasad.analysis.asked import AskedRegister
from rasad.register import Deal, Row
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages

pages = Pages()


class DealPage(PageData, frozen=True, kw_only=True):
    """A deal with its row. ``TABLE`` is its history."""

    TABLE: ClassVar[str] = "deal.history"

    row: Row
    deal: Deal


@pages.page("/deals/{identifier}", template="deal.html")
def deal(register: AskedRegister, identifier: str) -> DealPage:
    """A deal or relation with everything behind it."""
    found = register.deal(register.whole_id(identifier))
    if found is None:
        raise NotThereError(identifier)
    return DealPage(row=register.row(found), deal=found)
