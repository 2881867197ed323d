"""The command line, one command a module (``commands.py`` lists them)."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from rasad import __version__
from rasad.cli.commands import Commands
from rasad.cli.telling import terminated

__all__ = ["app", "main"]

app = typer.Typer(
    cls=Commands,
    help="Reads press reports on the arms trade in Arabic, English, Russian and Ukrainian, and tells [bold]who claims what, "
    "according to whom, how surely, and in which words[/bold].",
    epilog="Try: [cyan]rasad read examples[/cyan], or [cyan]rasad add examples[/cyan] and then [cyan]rasad deals[/cyan]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Runs the command line."""
    gc.set_threshold(
        200_000, 20, 20
    )  # what is loaded at the start is kept: looking through it for garbage is lost time
    with terminated():
        app(prog_name="rasad")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rasad {__version__}")
        raise typer.Exit


@app.callback()
def _rasad(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass
