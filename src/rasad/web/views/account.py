"""What a person chooses for themselves: the language and the look of the desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import RedirectResponse

from rasad.web.desk import THEMES, desk
from rasad.web.pages import Pages
from rasad.web.words import codes

pages = Pages()
YEAR = 365 * 24 * 3600


@pages.router.post("/preferences", include_in_schema=False)
def preferences(
    request: Request,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    next_: Annotated[str, Form(alias="next")] = "/",
) -> RedirectResponse:
    """Keeps a choice in the browser and goes back to where it was made."""
    answer = RedirectResponse(local(next_), status_code=303)
    secure = desk(request).settings.secure
    for cookie, value, known in (("rasad_language", language, codes()), ("rasad_theme", theme, THEMES)):
        if value in known:
            answer.set_cookie(cookie, value, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


def local(address: str) -> str:
    """An address of the desk; of any other place, the first page."""
    return address if address.startswith("/") and address[1:2] not in ("/", "\\") and "\n" not in address else "/"
