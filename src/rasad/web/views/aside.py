"""What could not be read, and is kept to be tried again."""

from __future__ import annotations

from typing import ClassVar

from rasad.analysis.asked import AskedRegister
from rasad.register import Aside
from rasad.web.pages import PageData, Pages

pages = Pages()
SHOWN = 500  #: lines on the page


class AsidePage(PageData, frozen=True, kw_only=True):
    """What is set aside, the first :data:`SHOWN` of ``total``, by place and name."""

    TABLE: ClassVar[str] = "aside"

    aside: tuple[Aside, ...]
    total: int


@pages.page("/aside", template="aside.html", kept=False)
def aside(register: AskedRegister) -> AsidePage:
    """What could not be read, why, and how often it was tried."""
    return AsidePage(aside=register.aside(SHOWN), total=register.counted_aside())
