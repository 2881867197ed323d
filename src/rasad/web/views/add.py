"""Texts come in: pasted, as files, or from an address; each is a job that tells how far it is and what was found."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from fastapi import Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rasad.claims import Document
from rasad.languages import codes
from rasad.reading.identify import identify
from rasad.register.deals import Publication
from rasad.register.texts import OWN, Arrived
from rasad.sources import Problem, Provenance, Skipped, from_bytes
from rasad.sources.addresses import FetchError, Limits, documents_of, fetch
from rasad.sources.markup import from_markup, is_address, is_markup
from rasad.sources.provenance import day
from rasad.web import errors
from rasad.web.adding import READABLE, Job, form_given
from rasad.web.desk import desk
from rasad.web.errors import NotThereError
from rasad.web.forms import TooLargeError, UnreadableError, field, form_of
from rasad.web.pages import ERRORS, PageData, Pages
from rasad.web.shell import rendered, script
from rasad.web.words import Words, words

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


Gives = Callable[[Request, FormData, Provenance], Awaitable[Job]]


def way(name: str, largest: int, *fields: str) -> Callable[[Gives], Gives]:
    """Puts a way to add texts at its address: a form of at most ``largest`` bytes with these fields, from which the function makes a
    job. What it cannot be made from comes back, as it was filled in."""

    def put(gives: Gives) -> Gives:
        @pages.router.post(f"/add/{name}", include_in_schema=False)
        async def taken(request: Request) -> Response:
            desk(request).require(request, "reviewer")
            typed: dict[str, str] = {}
            try:
                async with form_of(request, largest) as form:
                    typed = {one: field(form, one) for one in fields}
                    job = await gives(request, form, _known(request, typed))
            except FetchError as error:
                return _again(request, WrongError(STATUS[error.fault], str(error)), typed, largest)
            except (WrongError, TooLargeError, UnreadableError) as error:
                return _again(request, error, typed, largest)
            return _to(request, job)

        pages.router.get(f"/add/{name}", include_in_schema=False)(lambda: RedirectResponse("/add", 303))
        return gives

    return put


@way("text", TEXT, "text", "outlet", "published", "address", "language")
async def add_text(request: Request, form: FormData, known: Provenance) -> Job:
    """A text that was pasted."""
    return await run_in_threadpool(lambda: _begun(request, known, _texts(request, _pasted(field(form, "text")), known)))


@way("files", FILES, "outlet", "published", "language")
async def add_files(request: Request, form: FormData, known: Provenance) -> Job:
    """Files that were chosen or dropped."""
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    await run_in_threadpool(_look_at, request, files)

    def write(folder: Path) -> list[str]:
        return [_put(file, folder / str(number)) for number, file in enumerate(files)]

    return await run_in_threadpool(_begun, request, known, (), write)


@way("address", TEXT, "fetch", "language")
async def add_address(request: Request, form: FormData, known: Provenance) -> Job:
    """A page of the web."""
    fetched = await fetch(field(form, "fetch"), Limits(private=desk(request).settings.fetch_private))
    return await run_in_threadpool(lambda: _begun(request, known, _texts(request, documents_of(fetched), known)))


@pages.router.post("/add/again/{identifier}", include_in_schema=False)
def add_again(request: Request, identifier: str) -> Response:
    """A text of the register is read again by the present version of the reader."""
    here = desk(request)
    here.require(request, "reviewer")
    held = here.register.document(identifier)
    if held is None or not held.reader.startswith(OWN):
        raise NotThereError(f"{identifier}: there is no text of this id that was read")
    text = Document(name=identifier, text=held.text, language=held.language)
    printed = [msgspec.structs.replace(text, **_provenance(one)) for one in held.publications if one.copy is None]
    return _to(request, _begun(request, Provenance(), printed or [text]))


def _provenance(one: Publication) -> dict[str, str | None]:
    return {name: getattr(one, name) for name in ("name", *Provenance.__struct_fields__) if name != "language"}


@pages.router.get(
    "/add/{identifier}.json", operation_id="add_job_json", response_class=Response,
    responses={**ERRORS, 200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/JobPage"}}}},
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


def _begun(
    request: Request,
    known: Provenance,
    texts: Sequence[Document] = (),
    write: Callable[[Path], list[str]] = lambda _: [],
) -> Job:
    """A job that was begun for who asks."""
    here = desk(request)
    noted = partial(here.note, request, "add")
    return here.jobs.start(here.person(request).name, known, texts, write, noted)


def _said(request: Request) -> Words:
    return words(desk(request).language(request))


def _known(request: Request, typed: Mapping[str, str]) -> Provenance:
    """What is known of the texts, checked. Raises WrongError."""
    said = _said(request)
    language, published, address = (typed.get(name) or None for name in ("language", "published", "address"))
    if language not in (None, *codes()):
        raise WrongError(422, said("add.wrong_language", given=language))
    if address is not None and not is_address(address):
        raise WrongError(422, said("add.wrong_address", given=address))
    try:
        published = day(published) if published else None
    except ValueError:
        raise WrongError(422, said("add.wrong_date", given=published)) from None
    return Provenance(outlet=typed.get("outlet") or None, address=address, published=published, language=language)


def _pasted(text: str) -> Iterable[Document | Problem | Skipped]:
    line = text.partition("\n")[0].strip()
    name = line if len(line) <= NAME else line[: max(NAME // 2, line.rfind(" ", 0, NAME))].rstrip() + " …"
    given = text.encode("utf-8", "replace")
    if not is_markup(text):
        return from_bytes(name, given)
    page = from_markup(name, given)
    return [msgspec.structs.replace(page, name=page.title or name) if isinstance(page, Document) else page]


def _texts(request: Request, entries: Iterable[Document | Problem | Skipped], known: Provenance) -> list[Document]:
    """The texts among entries, if there are any in a language that is read. Raises WrongError."""
    found = [*entries]
    skipped = [entry for entry in found if isinstance(entry, Skipped)]
    texts = [entry for entry in found if isinstance(entry, Document)]
    if not texts:
        raise WrongError(422, _said(request)("add.no_text"), skipped)
    if known.language is None and all(identify(text.text) is None for text in texts):
        raise WrongError(422, _said(request)("add.no_language"))
    return texts


def _look_at(request: Request, files: Sequence[UploadFile]) -> None:
    """Raises WrongError where there is no file, or none that could be read."""
    if not files:
        raise WrongError(422, _said(request)("add.no_files"))
    forms = [form_given(str(file.filename), file.file) for file in files]
    not_taken = [form for form in forms if isinstance(form, Skipped)]
    if len(not_taken) == len(files):
        raise WrongError(415, _said(request)("add.no_readable_files"), not_taken)
    for file in files:
        file.file.seek(0)


def _put(file: UploadFile, path: Path) -> str:
    """Copies a file that was sent; gives its name."""
    with path.open("wb") as copy:
        shutil.copyfileobj(file.file, copy)
    return Path(str(file.filename).replace("\\", "/")).name


def _to(request: Request, job: Job) -> Response:
    """To the page of a job; a program gets the job itself."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/add/{job.id}", status_code=303)
    where = {"Location": f"/add/{job.id}.json"}
    return Response(msgspec.json.encode(job), 202, media_type="application/json", headers=where)


def _again(request: Request, error: Exception, typed: dict[str, str], largest: int) -> Response:
    """The forms once more, as they were filled in, with what was wrong."""
    said = _said(request)
    if isinstance(error, TooLargeError):
        status, message = 413, said("add.too_large", largest=largest // 2**20)
    elif isinstance(error, WrongError):
        status, message = error.status, str(error)
    else:
        status, message = 422, said("add.unreadable", why=str(error))
    if "text/html" not in request.headers.get("accept", "text/html"):
        return errors.shown(desk(request), request, status, "", message)
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
