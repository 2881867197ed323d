"""A state: where it stands in the register, and the answer to each of the questions that an analyst asks of it."""

from __future__ import annotations

import warnings
from typing import ClassVar, Literal

from starlette.requests import Request
from starlette.responses import Response

from rasad.analysis.asked import AskedRegister
from rasad.analysis.briefs import BriefError, BriefWarning
from rasad.register import Row, Subject
from rasad.web.answers import (
    AnswerPage,
    Category,
    From,
    Limit,
    Number,
    Offence,
    On,
    Shown,
    Sides,
    Spans,
    TableName,
    To,
    Without,
    answer_page,
)
from rasad.web.desk import desk
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages, same
from rasad.web.questions import Options, state
from rasad.web.subjects import BEST, DealsPage, Frame, Role, deals_page, named

pages = Pages()


class CountryPage(PageData, frozen=True, kw_only=True):
    """A state: who it is, in how many deals and relations it is what, and the best supported of them. The table is the best
    supported deals and relations."""

    TABLE: ClassVar[str] = "rows"

    subject: Subject
    rows: tuple[Row, ...]


@pages.page("/countries/{code}", template="country.html")
def country(register: AskedRegister, code: str) -> CountryPage:
    """A state, with how often it supplies, receives, is accused …"""
    identifier = state(register, code)
    subject = register.subject(identifier)
    if subject is None:
        raise NotThereError(code)
    return CountryPage(subject=subject, rows=tuple(register.involving(identifier, limit=BEST)))


@pages.page("/countries/{code}/deals", template="listing.html")
def country_deals(
    register: AskedRegister, code: str, frame: Frame = None, role: Role = None, page: Number = 1
) -> DealsPage:
    """The deals and relations of a state, of a frame in which it has a role."""
    return deals_page(register, state(register, code), frame, role, page)


def _answer(register: AskedRegister, question: str, code: str, options: Options, shown: Shown) -> AnswerPage:
    return answer_page(register, question, options, shown, named(register, options.who or code))


def _put_trade(question: Literal["market", "supplier"], about: str) -> None:
    def trade(
        register: AskedRegister, code: str, category: Category = None, first: From = None, last: To = None, by: Spans = "period",
        table: TableName = None, page: Number = 1, limit: Limit = None,
    ) -> AnswerPage:  # fmt: skip
        asked = Options(who=state(register, code), category=category, first=first, last=last, by=by)
        return _answer(register, question, code, asked, Shown(table, page, limit))

    trade.__name__, trade.__doc__ = question, about
    pages.page(f"/countries/{{code}}/{question}", template="answer.html")(trade)


_put_trade(
    "market", "Who arms a state: suppliers over time and by category, how concentrated they are, who rivals whom."
)
_put_trade("supplier", "Whom a state arms: the same from the seller's side.")


@pages.page("/countries/{code}/dependence", template="answer.html")
def dependence(
    register: AskedRegister, code: str, without: Without = None, table: TableName = None, page: Number = 1, limit: Limit = None
) -> AnswerPage:  # fmt: skip
    """On whom a state depends for which system, and what breaks if one provider stops."""
    asked = Options(who=state(register, code), without=without)
    return _answer(register, "dependence", code, asked, Shown(table, page, limit))


@pages.page("/countries/{code}/allegations", template="answer.html")
def allegations(
    register: AskedRegister, code: str, side: Sides = "accused", offence: Offence = None, first: From = None, last: To = None,
    table: TableName = None, page: Number = 1, limit: Limit = None,
) -> AnswerPage:  # fmt: skip
    """What is alleged of a state or by it, what came of it, and who denies it."""
    asked = Options(who=state(register, code), side=side, offence=offence, first=first, last=last)
    return _answer(register, "allegations", code, asked, Shown(table, page, limit))


@pages.page("/countries/{code}/alignment", template="answer.html")
def alignment(
    register: AskedRegister, code: str, first: From = None, last: To = None, table: TableName = None, page: Number = 1,
    limit: Limit = None,
) -> AnswerPage:  # fmt: skip
    """Where a state stands and where it moves: blocs, moves toward and away, positions."""
    asked = Options(who=state(register, code), first=first, last=last)
    return _answer(register, "alignment", code, asked, Shown(table, page, limit))


@pages.page("/countries/{code}/embargoes", template="answer.html")
def embargoes(
    register: AskedRegister, code: str, on: On = None, table: TableName = None, page: Number = 1, limit: Limit = None
) -> AnswerPage:
    """The arms embargoes on a state, and the deals that are to be looked at."""
    asked = Options(who=state(register, code), on=on)
    return _answer(register, "embargoes", code, asked, Shown(table, page, limit))


KINDS = {"html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8", "pdf": "application/pdf"}


@pages.router.get("/countries/{code}/brief.{form}", include_in_schema=False)
def brief(request: Request, code: str, form: Literal["html", "md", "pdf"]) -> Response:
    """One report on a state, to take along. Not there where the register says nothing of it."""
    here = desk(request)
    here.require(request, "reader")
    who = state(here.register, code)
    try:
        body = here.kept.get((here.state(), "brief", who, form), lambda: _written(here.register, who, form), len)
    except BriefError as error:
        raise NotThereError(str(error)) from None
    answer = same(request, body, KINDS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{who.partition(":")[2]}-brief.{form}"'
    return answer


def _written(register: AskedRegister, who: str, form: Literal["html", "md", "pdf"]) -> bytes:
    report = register.brief(who)
    if form == "pdf":
        with warnings.catch_warnings(
            action="ignore", category=BriefWarning
        ):  # what it warns of is read in the PDF itself
            return report.pdf()
    return (report.html() if form == "html" else report.markdown()).encode()
