"""What is alleged of anybody, and what came of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.web.answers import AnswerPage, From, Limit, Number, Offence, Shown, TableName, To, answer_page
from rasad.web.pages import Pages
from rasad.web.questions import Options

pages = Pages()
OFFERS = ("accused", "accuser", "offence", "from", "to")
Who = Annotated[str | None, Query(description="A state, organisation or person: its name or code.")]


@pages.page("/allegations", template="answer.html")
def allegations(
    register: AskedRegister, accused: Who = None, accuser: Who = None, offence: Offence = None, first: From = None, last: To = None,
    table: TableName = None, page: Number = 1, limit: Limit = None,
) -> AnswerPage:  # fmt: skip
    """The accusations of the register, the best supported first, each with what came of it and who denies it."""
    asked = Options(accused=accused, accuser=accuser, offence=offence, first=first, last=last)
    return answer_page(register, "allegations", asked, Shown(table, page, limit), offers=OFFERS)
