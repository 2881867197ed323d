"""The desk as an application: its pages, its guard, its errors, the description of its API."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.resources import files
from threading import Timer
from typing import Any

import anyio.to_thread
import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

import rasad
from rasad.register import StoreError
from rasad.web import errors
from rasad.web.access.guard import Guard
from rasad.web.desk import Desk
from rasad.web.settings import Settings
from rasad.web.views import every
from rasad.web.views.login import asked_again

THREADS = 4  #: pages that are made at once
TURN = 0.0005  #: seconds after which a page that is made lets others go on: who asks for one that is there does not wait for it
SOON = 2.0  #: seconds after which a desk that is served gets ready for searches: the first page goes first


class _Assets(StaticFiles):
    """Style, scripts and icons, under an address that changes with them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    def get_path(self, scope: Any) -> str:
        """Without the mark that changes."""
        return super().get_path(scope).partition("/")[2]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application for some settings; without any for those in the environment. Raises StoreError where the register cannot be
    used."""
    served = settings is None
    settings = settings or Settings.from_environment()
    here = Desk(settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        sys.setswitchinterval(TURN)
        getting_ready = Timer(SOON, _get_ready, (here,))
        getting_ready.daemon = True
        if served:
            getting_ready.start()
        yield
        getting_ready.cancel()
        here.jobs.close()
        here.register.close()

    app = FastAPI(
        title="Rasad", version=rasad.__version__, lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api.json"
    )
    app.state.desk = here
    for pages in every():
        app.include_router(pages.router)
    app.mount("/assets", _Assets(directory=str(files("rasad.web").joinpath("assets"))))
    app.add_route("/healthy", _healthy)
    errors.add_errors(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(
        Guard, door=here.door, settings=settings, refuse=partial(errors.shown, here), ask=partial(asked_again, here)
    )
    return app


def _get_ready(here: Desk) -> None:
    """Loads what the first search would wait for. Where that fails, so will the search, and say so."""
    with suppress(StoreError):
        here.register.get_ready()


def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the shapes of what pages give."""
    if app.openapi_schema is None:
        described = get_openapi(title=app.title, version=app.version, routes=app.routes, description=_ABOUT)
        shapes = [errors.ErrorPage, *(shape for pages in every() for shape in pages.shown)]
        _, parts = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
        described.setdefault("components", {}).setdefault("schemas", {}).update(parts)
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
        app.openapi_schema = described
    return app.openapi_schema


_ABOUT = "Every page of the desk as data: the same address with .json, and with .csv where it has a table."
