"""The desk listens."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from rasad.register.database import DEFAULT
from rasad.web.app import create_app
from rasad.web.settings import Settings


def serve(register: str | None, host: str, port: int, browser: bool, tell: Callable[[str], None]) -> None:
    """Serves until it is interrupted. Raises OSError where it cannot listen."""
    settings = Settings(
        register=str(register or DEFAULT), token=secrets.token_urlsafe(24), secret=secrets.token_urlsafe(24)
    )
    listening = socket.create_server((host, port), backlog=512)
    name, at = listening.getsockname()[:2]
    address = f"http://{name}:{at}/?token={settings.token}"
    tell(f"the desk is open at {address}")
    tell("end it with Ctrl-C")
    if browser:
        webbrowser.open(address)
    config = uvicorn.Config(
        create_app(settings), log_level="warning", access_log=False, server_header=False, date_header=False
    )
    uvicorn.Server(config).run(sockets=[listening])
