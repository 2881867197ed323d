"""Texts come in: pasted, as files, or from an address; each is a job that tells how far it is and what was found."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from fastapi import Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.claims import Document
from rasad.languages import codes
from rasad.reading.identify import identify
from rasad.register.texts import Arrived
from rasad.sources import Problem, Skipped, from_bytes
from rasad.sources.addresses import FetchError, Limits, documents_of, fetch
from rasad.sources.decoding import NotTextError, encoding_of
from rasad.sources.markup import from_markup, is_markup
from rasad.sources.provenance import Provenance, day
from rasad.web import errors
from rasad.web.adding import READABLE, Job
from rasad.web.desk import Desk, desk
from rasad.web.errors import NotThereError
from rasad.web.forms import TooLargeError, UnreadableError, field, form_of
from rasad.web.pages import PageData, Pages
from rasad.web.shell import rendered, script
from rasad.web.words import words

pages = Pages()
TEXT = 5 * 2**20  #: bytes of a form with a text
FILES = 50 * 2**20  #: bytes of a form with files
SHOWN = 50  #: texts on a page
NAME = 80  #: characters of the name of a text that was pasted
ASKED_AGAIN = 2  #: seconds after which the page of a job that is not over is loaded again
STATUS = {"refused": 403, "unreachable": 502, "slow": 504, "large": 413, "type": 415}


class AddPage(PageData, frozen=True, kw_only=True):
    """The forms with what was typed, what was wrong with it, and the latest jobs."""

    typed: dict[str, str]
    wrong: str
    skipped: tuple[Skipped, ...]
    jobs: tuple[Job, ...]


class JobPage(PageData, frozen=True, kw_only=True):
    """A job, and what the register now holds of its texts, a page of them at a time."""

    job: Job
    arrived: tuple[Arrived, ...]
    page: int
    pages: int


pages.shown.append(JobPage)


class WrongError(Exception):
    """What was given cannot be added."""

    def __init__(self, status: int, message: str, skipped: Sequence[Skipped] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.skipped = tuple(skipped)


@pages.router.get("/add", include_in_schema=False)
def add(request: Request) -> Response:
    """The forms."""
    desk(request).require(request, "reviewer")
    return _forms(request)


@pages.router.post("/add/text", include_in_schema=False)
async def add_text(request: Request) -> Response:
    """A text that was pasted."""
    here = desk(request)
    here.require(request, "reviewer")
    typed: dict[str, str] = {}
    try:
        async with form_of(request, TEXT) as form:
            typed = {name: field(form, name) for name in ("text", "outlet", "published", "address", "language")}
        known = _known(here, request, typed)
        found = await run_in_threadpool(_pasted, here, request, typed["text"], known)
    except (WrongError, TooLargeError, UnreadableError) as error:
        return _again(request, error, typed, TEXT)
    return await _begun(request, known, found)


@pages.router.post("/add/files", include_in_schema=False)
async def add_files(request: Request) -> Response:
    """Files that were chosen or dropped."""
    here = desk(request)
    person = here.require(request, "reviewer")
    typed: dict[str, str] = {}
    try:
        async with form_of(request, FILES) as form:
            typed = {name: field(form, name) for name in ("outlet", "published", "language")}
            known = _known(here, request, typed)
            files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
            await run_in_threadpool(_look_at, here, request, files)
            job = await run_in_threadpool(
                here.jobs.start,
                person.name,
                known,
                write=lambda folder: [_put(f, folder / str(n)) for n, f in enumerate(files)],
            )
    except (WrongError, TooLargeError, UnreadableError) as error:
        return _again(request, error, typed, FILES)
    return _to(request, job)


@pages.router.post("/add/address", include_in_schema=False)
async def add_address(request: Request) -> Response:
    """A page of the web."""
    here = desk(request)
    here.require(request, "reviewer")
    typed: dict[str, str] = {}
    try:
        async with form_of(request, TEXT) as form:
            typed = {"fetch": field(form, "fetch"), "language": field(form, "language")}
        known = _known(here, request, typed)
        fetched = await fetch(typed["fetch"], Limits(private=here.settings.fetch_private))
        entries = await run_in_threadpool(lambda: [*documents_of(fetched)])
        found = _texts(here, request, entries, known)
    except FetchError as error:
        return _again(request, WrongError(STATUS[error.fault], str(error)), typed, TEXT)
    except (WrongError, TooLargeError, UnreadableError) as error:
        return _again(request, error, typed, TEXT)
    return await _begun(request, known, found)


@pages.router.get(
    "/add/{identifier}.json", operation_id="add_job_json", response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/JobPage"}}}},
               404: {"description": "There is no such job, or it was long ago."}},
)  # fmt: skip
def job_json(request: Request, identifier: str, page: int = Query(1, ge=1)) -> Response:
    """How far a job of adding texts is, and what was found."""
    return Response(msgspec.json.encode(_job(request, identifier, page)), media_type="application/json", headers=_FRESH)


@pages.router.get("/add/{identifier}", include_in_schema=False)
def job(request: Request, identifier: str, page: int = Query(1, ge=1)) -> Response:
    """The page of a job; it loads itself again until the job is over."""
    told = _job(request, identifier, page)
    alone = not told.job.over and script("add") is None  # else the script of the page, or its noscript, comes back
    headers = {**_FRESH, "Refresh": str(ASKED_AGAIN)} if alone else _FRESH
    return _page(request, "job.html", told, 200, headers)


_FRESH = {"Cache-Control": "no-store"}


def _job(request: Request, identifier: str, page: int) -> JobPage:
    here = desk(request)
    here.require(request, "reviewer")
    found = here.jobs.job(identifier)
    if found is None:
        raise NotThereError(
            f"{identifier}: there is no such job, or it was long ago; what it stored is in the register"
        )
    some = found.documents[(page - 1) * SHOWN : page * SHOWN] if found.over else ()
    arrived = here.register.arrived(some)
    return JobPage(job=found, arrived=arrived, page=page, pages=max(1, -(-len(found.documents) // SHOWN)))


def _known(here: Desk, request: Request, typed: Mapping[str, str]) -> Provenance:
    """What is known of the texts, checked. Raises WrongError."""
    said = words(here.language(request))
    language, published, address = (typed.get(name) or None for name in ("language", "published", "address"))
    if language not in (None, *codes()):
        raise WrongError(422, said("add.wrong_language", given=language))
    if address is not None and urlsplit(address).scheme not in ("http", "https"):
        raise WrongError(422, said("add.wrong_address", given=address))
    try:
        published = day(published) if published else None
    except ValueError:
        raise WrongError(422, said("add.wrong_date", given=published)) from None
    return Provenance(outlet=typed.get("outlet") or None, address=address, published=published, language=language)


def _pasted(here: Desk, request: Request, text: str, known: Provenance) -> list[Document]:
    name = text.partition("\n")[0].strip()[:NAME]
    given = text.encode("utf-8", "replace")
    return _texts(here, request, [from_markup(name, given)] if is_markup(text) else from_bytes(name, given), known)


def _texts(here: Desk, request: Request, entries: Any, known: Provenance) -> list[Document]:
    """The texts among entries, if there are any in a language that is read. Raises WrongError."""
    found: list[Document | Problem | Skipped] = [*entries]
    skipped = [entry for entry in found if isinstance(entry, Skipped)]
    texts = [entry for entry in found if isinstance(entry, Document)]
    said = words(here.language(request))
    if not texts:
        raise WrongError(422, said("add.no_text"), skipped)
    if known.language is None and all(identify(text.text) is None for text in texts):
        raise WrongError(422, said("add.no_language"))
    return texts


def _look_at(here: Desk, request: Request, files: Sequence[UploadFile]) -> None:
    """Raises WrongError where there is no file, or none that could be read."""
    said = words(here.language(request))
    if not files:
        raise WrongError(422, said("add.no_files"))
    binary = [Skipped(str(file.filename), reason) for file in files if (reason := _fault(file))]
    if len(binary) == len(files):
        raise WrongError(415, said("add.no_readable_files"), binary)


def _fault(file: UploadFile) -> str | None:
    """Why a file is no text; None where it is one."""
    try:
        encoding_of(file.file)
    except NotTextError as error:
        return str(error)
    finally:
        file.file.seek(0)
    return None


def _put(file: UploadFile, path: Path) -> str:
    """Copies a file that was sent; gives its name."""
    with path.open("wb") as copy:
        shutil.copyfileobj(file.file, copy)
    return Path(str(file.filename).replace("\\", "/")).name


async def _begun(request: Request, known: Provenance, found: Sequence[Document]) -> Response:
    here = desk(request)
    return _to(request, await run_in_threadpool(here.jobs.start, here.person(request).name, known, found))


def _to(request: Request, job: Job) -> Response:
    """To the page of a job; a program gets the job itself."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/add/{job.id}", status_code=303)
    where = {"Location": f"/add/{job.id}.json"}
    return Response(msgspec.json.encode(job), 202, media_type="application/json", headers=where)


def _again(request: Request, error: Exception, typed: dict[str, str], largest: int) -> Response:
    """The forms once more, as they were filled in, with what was wrong."""
    here = desk(request)
    said = words(here.language(request))
    if isinstance(error, TooLargeError):
        status, message = 413, said("add.too_large", largest=largest // 2**20)
    elif isinstance(error, WrongError):
        status, message = error.status, str(error)
    else:
        status, message = 422, said("add.unreadable", why=str(error))
    if "text/html" not in request.headers.get("accept", "text/html"):
        return errors.shown(here, request, status, "", message)
    return _forms(request, status, message, typed, getattr(error, "skipped", ()))


def _forms(
    request: Request,
    status: int = 200,
    wrong: str = "",
    typed: dict[str, str] | None = None,
    skipped: Sequence[Skipped] = (),
) -> Response:
    jobs = tuple(desk(request).jobs.latest())
    return _page(
        request, "add.html", AddPage(typed=typed or {}, wrong=wrong, skipped=tuple(skipped), jobs=jobs), status, _FRESH
    )


def _page(request: Request, template: str, data: PageData, status: int, headers: Mapping[str, str]) -> Response:
    here = desk(request)
    values = {"data": data, "path": request.url.path, "asked": {}, "endings": READABLE, "readable_languages": codes()}
    values |= {"text_limit": TEXT // 2**20, "files_limit": FILES // 2**20, "wait": ASKED_AGAIN}
    page = rendered(template, here.language(request), values)
    return Response(here.page(request, page), status, media_type="text/html; charset=utf-8", headers=dict(headers))
