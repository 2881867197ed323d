"""``rasad serve`` opens the desk."""

from __future__ import annotations

from typing import Annotated

import typer

from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import tell

Host = Annotated[str, typer.Option("--host", help="The address to listen at.")]
Port = Annotated[int, typer.Option("--port", "-p", help="The port to listen at; 0 for any that is free.")]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the desk in the browser.")]


def serve(register: RegisterOption = None, host: Host = "127.0.0.1", port: Port = 8321, browser: Open = False) -> None:
    """Open the desk: pages where to read, check, correct and share what the register holds."""
    with gathered(register):
        pass
    from rasad.web.serving import serve as run

    run(register, host, port, browser, tell)
