"""``rasad upgrade`` brings a register of an older version up to date."""

from __future__ import annotations

import typer

from rasad.cli.opening import RegisterOption, told


def upgrade(register: RegisterOption = None) -> None:
    """Bring a register that an older Rasad made up to date. Make a copy first: it cannot be turned back."""
    with told():
        from rasad.register import upgraded

        done = upgraded(register)
        if done.before == done.after:
            typer.echo(f"the register is up to date (version {done.after} of the tables)")
        else:
            typer.echo(f"the register was brought from version {done.before} of the tables to {done.after}")
