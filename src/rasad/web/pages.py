"""One function a page: what it gives is the page, the API at ``….json``, and the table at ``….csv``.

>>> pages = Pages()
>>> @pages.page("/deals/{identifier}", template="deal.html")
... def deal(register: AskedRegister, identifier: str) -> DealPage: ...

The function takes the register, and what FastAPI reads from the address; it raises FilterError, NotFoundError or NotThereError for
what means nothing or is not there.
"""

from __future__ import annotations

import csv
import inspect
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import blake2b
from operator import attrgetter
from typing import Any, ClassVar, Literal, TypeVar

import msgspec
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rasad.web.access import Role
from rasad.web.desk import desk
from rasad.web.shell import Rendered, rendered

Form = Literal["html", "json", "csv"]
Data = TypeVar("Data", bound="PageData")
KEPT = {"Cache-Control": "private, no-cache"}  #: browsers ask whether the page is still the same


class PageData(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows. ``TABLE`` names the field that is its table (``rows``, ``deal.history``): rows that are structs or mappings."""

    TABLE: ClassVar[str] = ""


class Pages:
    """The pages of a module."""

    def __init__(self) -> None:
        self.router = APIRouter()
        self.shown: list[type[PageData]] = []  #: what its pages give, for the description of the API

    def page(
        self, path: str, *, template: str | None, role: Role = "reader", kept: bool = True
    ) -> Callable[[Callable[..., Data]], Callable[..., Data]]:
        """Puts a function at an address. ``template``: None for what is data only. ``role``: who may see it. ``kept``: it shows
        nothing but what the register gathers, so that it is the same until something is added or decided."""  # fmt: skip

        def put(view: Callable[..., Data]) -> Callable[..., Data]:
            signature = inspect.signature(view, eval_str=True)
            gives = signature.return_annotation
            self.shown.append(gives)
            about = inspect.getdoc(view) or ""
            api: dict[str, Any] = {
                "summary": about.partition("\n")[0],
                "description": about,
                "response_class": Response,
            }
            schema = {"$ref": f"#/components/schemas/{gives.__name__}"}
            forms: list[tuple[Form, str, dict[str, Any]]] = [
                ("json", ".json", {"application/json": {"schema": schema}})
            ]
            if gives.TABLE:
                forms.append(("csv", ".csv", {"text/csv": {"schema": {"type": "string"}}}))
            for form, ending, content in forms:
                name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}_{form}"
                route = self.router.get(_with_ending(path, ending), operation_id=name, responses={**ERRORS, 200: {"content": content}}, **api)  # fmt: skip
                route(_endpoint(view, signature, form, template, role, kept))
            if template:
                self.router.get(path, include_in_schema=False)(_endpoint(view, signature, "html", template, role, kept))
            return view

        return put


_PROBLEM = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorPage"}}}}
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What is asked means nothing; the answer says what is nearest.", **_PROBLEM},
    401: {"description": "Nobody is known to ask this.", **_PROBLEM},
    403: {"description": "This person may not.", **_PROBLEM},
    404: {"description": "There is no such thing.", **_PROBLEM},
    422: {"description": "A part of the address cannot be read.", **_PROBLEM},
}


def _with_ending(path: str, ending: str) -> str:
    return f"/index{ending}" if path == "/" else path + ending


def _endpoint(
    view: Callable[..., PageData],
    signature: inspect.Signature,
    form: Form,
    template: str | None,
    role: Role,
    kept: bool,
) -> Callable[..., Awaitable[Response]]:
    async def endpoint(request: Request, **given: Any) -> Response:
        here = desk(request)
        here.require(request, role)
        if not kept:
            return await run_in_threadpool(lambda: fresh(request, form, template, view(here.register, **given)))
        state = await here.present()
        key = (view.__module__, view.__name__, form, *sorted((k, repr(v)) for k, v in given.items()))
        if template and form == "html":
            code, person = here.language(request), here.person(request)
            values = {"may": person.may, "path": request.url.path, "asked": dict(request.query_params)}
            page = await here.kept.soon(
                (state, code, person.role, str(request.url.path), str(request.url.query), *key),
                lambda: rendered(template, code, {"data": view(here.register, **given), **values}),
                _weight,
            )
            return same(request, here.page(request, page).encode(), _KINDS[form])
        body = await here.kept.soon((state, *key), lambda: _WRITTEN[form](view(here.register, **given)), len)
        return same(request, body, _KINDS[form])

    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in list(signature.parameters.values())[1:]]
    asks = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    endpoint.__signature__ = inspect.Signature([asks, *own])  # type: ignore[attr-defined]
    endpoint.__name__ = view.__name__
    return endpoint


def fresh(
    request: Request, form: Form, template: str | None, data: PageData, status: int = 200, **values: Any
) -> Response:
    """An answer for this request alone, which nobody keeps. ``values``: more for the template than the data."""
    here, person = desk(request), request.state.person
    nowhere = {"Cache-Control": "no-store"}
    if template is None or form != "html":
        return Response(_WRITTEN[form](data), status, nowhere, _KINDS[form])
    known = {"may": person.may if person else None, "path": request.url.path, "asked": dict(request.query_params)}
    page = rendered(template, here.language(request), {"data": data, **known, **values})
    return Response(here.page(request, page), status, nowhere, _KINDS[form])


_KINDS: Mapping[Form, str] = {
    "html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8",
}  # fmt: skip


def _weight(page: Rendered) -> int:
    return sys.getsizeof(page.main)


def same(request: Request, body: bytes, kind: str) -> Response:
    """An answer that is not sent again to who has it."""
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {**KEPT, "ETag": tag, "Vary": "Cookie, Accept-Language"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _as_json(data: PageData) -> bytes:
    return msgspec.json.encode(data)


def _as_csv(data: PageData) -> bytes:
    """The table of a page: nested fields as ``value.amount``, lists joined with a semicolon."""
    rows = [dict(_flat(msgspec.to_builtins(row))) for row in attrgetter(data.TABLE)(data)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    to = io.StringIO()
    writer = csv.DictWriter(to, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _safe(cell) for name, cell in row.items()} for row in rows)
    return to.getvalue().encode()


_WRITTEN: Mapping[Form, Callable[[PageData], bytes]] = {"json": _as_json, "csv": _as_csv}


def _flat(row: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list | tuple):
            yield (
                before + name,
                ";".join(str(one["id"] if isinstance(one, Mapping) and "id" in one else one) for one in value),
            )
        else:
            yield before + name, value


def _safe(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula is quoted: https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
