"""Who arms whom, as a table and on a map."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.web.answers import AnswerPage, Category, From, Limit, Number, Shown, TableName, To, answer_page
from rasad.web.pages import Pages
from rasad.web.questions import Options

pages = Pages()
Who = Annotated[str | None, Query(description="A state or organisation: its name or code.")]


@pages.page("/flows", template="answer.html")
def flows(
    register: AskedRegister, supplier: Who = None, recipient: Who = None, category: Category = None, first: From = None,
    last: To = None, table: TableName = None, page: Number = 1, limit: Limit = None,
) -> AnswerPage:  # fmt: skip
    """Who arms whom: transfers ordered or delivered, from each supplier to each recipient, on a map."""
    asked = Options(supplier=supplier, recipient=recipient, category=category, first=first, last=last)
    return answer_page(register, "flows", asked, Shown(table, page, limit))
