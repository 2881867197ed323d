"""A weapon, a kind of equipment or a category: who operates, makes and services it, its deals, its names, what is said of it."""

from __future__ import annotations

from typing import ClassVar

from rasad.analysis.asked import AskedRegister
from rasad.register import Row, Subject
from rasad.register.atoms import family
from rasad.register.deals import Evidence
from rasad.register.rows import Named
from rasad.web.addresses import identifier
from rasad.web.answers import AnswerPage, Limit, Shown, TableName, Without, answer_page
from rasad.web.pages import PageData, Pages
from rasad.web.questions import Options
from rasad.web.subjects import BEST, DealsPage, Frame, Number, Role, deals_page, named, whoever

pages = Pages()


class SystemPage(PageData, frozen=True, kw_only=True):
    """A weapon. ``kin``: the designation and its variants that the register names; ``rows``: its best supported deals and relations,
    which are the table; ``evidence``: the surest claims that name it; ``upkeep``: who keeps it going."""

    TABLE: ClassVar[str] = "rows"

    subject: Subject
    kin: tuple[Named, ...]
    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...]
    upkeep: AnswerPage | None


@pages.page("/systems/{designation:path}/deals", template="listing.html")
def system_deals(
    register: AskedRegister, designation: str, frame: Frame = None, role: Role = None, page: Number = 1
) -> DealsPage:
    """The deals and relations of a weapon."""
    return deals_page(register, identifier("system", designation), frame, role, page)


@pages.page("/systems/{designation:path}/dependence", template="answer.html")
def system_dependence(
    register: AskedRegister, designation: str, without: Without = None, table: TableName = None, page: Number = 1, limit: Limit = None
) -> AnswerPage:  # fmt: skip
    """Who depends on whom for a weapon, and what breaks if one provider stops."""
    whose = whoever(register, identifier("system", designation)).id
    asked = Options(who=whose, without=without)
    return answer_page(register, "dependence", asked, Shown(table, page, limit), named(register, whose))


@pages.page("/systems/{designation:path}", template="system.html")
def system(register: AskedRegister, designation: str) -> SystemPage:
    """A weapon, a kind of equipment or a category, with who operates, makes and services it."""
    subject = whoever(register, identifier("system", designation))
    whole = subject.id.startswith("category:")  # of everything in it an answer would be long and tell little
    upkeep = (
        None
        if whole
        else answer_page(register, "dependence", Options(who=subject.id), of=Named(subject.id, subject.name))
    )
    return SystemPage(
        subject=subject, kin=register.kin(subject.id) if family(subject.id) else (),
        rows=tuple(register.involving(subject.id, limit=BEST)), evidence=register.naming(subject.id, limit=BEST), upkeep=upkeep,
    )  # fmt: skip
