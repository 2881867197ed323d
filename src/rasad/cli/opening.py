"""How commands open a register, and how they end where it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from rasad.cli.telling import stopped, tell, wrong_use

if TYPE_CHECKING:
    from rasad.register import Register

RegisterOption = Annotated[
    str | None,
    typer.Option(
        "--register", "-r", envvar="RASAD_REGISTER", metavar="FILE|URL", show_default=False,
        help="The register: a SQLite file, or the URL of a PostgreSQL database. [dim]\\[default: rasad.db][/dim]",
    ),
]  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """Ends the command with one line and exit status 2 where the register is not as it should be, or what is asked of it means
    nothing."""
    from rasad.register import FilterError, NotFoundError, ReviewError, StoreError

    try:
        yield
    except (StoreError, FilterError, NotFoundError, ReviewError) as error:
        raise wrong_use(str(error)) from None


@contextmanager
def opened(address: str | None, *, create: bool = False) -> Iterator[Register]:
    """A register, whose errors end the command."""
    with told():
        from rasad.register import open_register

        with open_register(address, create=create) as register:
            yield register


@contextmanager
def gathered(address: str | None) -> Iterator[Register]:
    """A register in which what an interrupted run left is gathered; where that cannot be written, it is told."""
    from rasad.register import StoreError

    with stopped("nothing was changed"), opened(address) as register:
        try:
            register.gather()
        except StoreError as error:
            tell(f"rasad: {error}; some claims are not gathered into deals and relations yet")
        yield register
