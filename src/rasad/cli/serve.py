"""``rasad serve`` opens the desk."""

from __future__ import annotations

from typing import Annotated

import typer

from rasad.cli.opening import RegisterOption, gathered
from rasad.cli.telling import tell, wrong_use

Host = Annotated[str, typer.Option("--host", help="The address to listen at.")]
Port = Annotated[
    int | None,
    typer.Option("--port", "-p", show_default=False, help="The port to listen at; 0 for any that is free. [dim]\\[default: 8321, or the next that is free][/dim]"),
]  # fmt: skip
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the desk in the browser.")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes that serve.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="NAME", show_default=False, help="A name under which other machines ask for the desk, as desk.example.org; may be given more than once."),
]  # fmt: skip
Proxy = Annotated[bool, typer.Option("--proxy", help="A program on this machine speaks TLS to the world and hands on what it is asked.")]  # fmt: skip
Own = Annotated[bool, typer.Option("--own", help="For you alone, on your own machine, though the register has accounts.")]  # fmt: skip
Insecure = Annotated[bool, typer.Option("--insecure", help="Serve others without TLS: passwords can be read on the way.")]  # fmt: skip


def serve(
    register: RegisterOption = None, host: Host = "127.0.0.1", port: Port = None, browser: Open = False,
    workers: Workers = 1, name: Names = None, proxy: Proxy = False, own: Own = False, insecure: Insecure = False,
) -> None:  # fmt: skip
    """Open the desk: pages where to read, check, correct and share what the register holds.

    On your own machine it is yours, by the token in the address that is printed. Where the register has accounts (`rasad user add`), people log in.
    """
    from rasad.register.database import DEFAULT
    from rasad.web.serving import ServeError, Wanted, settings_for
    from rasad.web.serving import serve as run

    wanted = Wanted(
        host=host, port=port, browser=browser, workers=workers, names=tuple(name or ()), proxy=proxy, own=own, insecure=insecure
    )  # fmt: skip
    try:
        with gathered(register) as kept:
            settings = settings_for(kept, str(register or DEFAULT), wanted)
        run(settings, wanted, tell)
    except ServeError as error:
        raise wrong_use(str(error)) from None
