"""What forms send, as far as the desk takes it: what is too large is refused before it is stored anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

PASSED_OVER = 256 * 2**20  #: bytes of a refused form that are still taken: a browser shows the answer only after them


class TooLargeError(Exception):
    """A form is larger than what is taken."""


class UnreadableError(ValueError):
    """What was sent is no form."""


@asynccontextmanager
async def form_of(request: Request, largest: int, files: int = 200) -> AsyncIterator[FormData]:
    """The form of a request of at most ``largest`` bytes, with at most so many files. Raises TooLargeError, and UnreadableError."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > largest:
        await _pass_over(request.receive)
        raise TooLargeError
    counted = Request(request.scope, _counted(request.receive, largest))
    try:
        form = await counted.form(max_files=files, max_fields=50, max_part_size=largest)
    except (HTTPException, KeyError, ValueError) as error:
        raise UnreadableError(getattr(error, "detail", "") or "no boundary between its parts") from None
    try:
        yield form
    finally:
        await form.close()


def _counted(receive: Receive, largest: int) -> Receive:
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > largest:
            if message.get("more_body"):
                await _pass_over(receive)
            raise TooLargeError
        return message

    return counted


async def _pass_over(receive: Receive) -> None:
    """Takes the rest of what is sent and keeps nothing of it."""
    left = PASSED_OVER
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def field(form: FormData, name: str) -> str:
    """A field of a form, without blanks around it; nothing where it is a file, or not there."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
