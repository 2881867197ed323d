"""Pictures of answers: as SVG, PNG, and as Vega-Lite, of which a page can make a live one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from rasad.pictures import Picture, PictureError
from rasad.web.answers import Category, From, Offence, On, Sides, Spans, To, Without
from rasad.web.desk import Desk, desk
from rasad.web.errors import NotThereError
from rasad.web.pages import Pages, same
from rasad.web.questions import Options, answered, picture, whom

pages = Pages()
Form = Literal["svg", "png", "json"]
KINDS = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}


@pages.router.get("/pictures/{question}.{form}", include_in_schema=False)
@pages.router.get("/pictures/{question}/{who:path}.{form}", include_in_schema=False)
def drawing(
    request: Request, question: str, form: Form, who: str | None = None, kind: Annotated[str | None, Query()] = None,
    category: Category = None, first: From = None, last: To = None, by: Spans = "period", without: Without = None,
    side: Sides = "accused", offence: Offence = None, on: On = None, accused: str | None = None, accuser: str | None = None,
    supplier: str | None = None, recipient: str | None = None,
) -> Response:  # fmt: skip
    """A picture of an answer. Not there where there is nothing to draw."""
    here = desk(request)
    here.require(request, "reader")
    asked = Options(
        who=whom(here.register, who), category=category, first=first, last=last, by=by, without=without, side=side, offence=offence, on=on,
        accused=accused, accuser=accuser, supplier=supplier, recipient=recipient,
    )  # fmt: skip
    try:
        body = here.kept.get((here.state(), "picture", question, asked, kind, form), lambda: _drawn(here, question, asked, kind, form), len)  # fmt: skip
    except PictureError as error:
        raise NotThereError(str(error)) from None
    return same(request, body, KINDS[form])


def _drawn(here: Desk, question: str, asked: Options, kind: str | None, form: Form) -> bytes:
    return _FORMS[form](picture(answered(here.register, question, asked), kind))


_FORMS: dict[Form, Callable[[Picture], bytes]] = {
    "svg": lambda made: made.svg().encode(), "png": Picture.png,
    "json": lambda made: json.dumps(made.whole(), ensure_ascii=False).encode(),
}  # fmt: skip
