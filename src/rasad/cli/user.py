"""``rasad user …`` keeps the accounts of a desk that several people use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rasad.cli import printing
from rasad.cli.opening import RegisterOption, opened
from rasad.cli.telling import tell, wrong_use
from rasad.reports.near import nearest

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from rasad.register.audit import By
    from rasad.register.users import Role

app = typer.Typer(
    help="Accounts for the desk: who may log in, as reader, reviewer or admin.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of an account.", show_default=False)]
RoleOption = Annotated[str, typer.Option("--role", metavar="ROLE", help="reader, reviewer (may decide and add) or admin (may keep accounts).")]  # fmt: skip
Given = TypeVar("Given")
FORMATS = ("table", "json")


@app.command()
def add(name: Name, role: RoleOption = "reader", register: RegisterOption = None) -> None:
    """Make an account. The password is asked for, or read as a line from standard input."""
    from rasad.register import users

    checked = _role(role)

    def made(engine: Engine, by: By) -> None:
        plain = users.written(name)
        if plain in {user.name for user in users.listed(engine)}:
            raise users.UserError(f"{plain}: there is an account of this name already")
        users.add(engine, plain, _password(plain), checked, by)
        typer.echo(f"{plain} may log in as {checked}")
        if not users.has_admin(engine):
            tell("nobody is an admin yet: `rasad user role NAME admin`")

    _done(register, made)


@app.command(name="list")
def listed(
    register: RegisterOption = None,
    format: Annotated[str, typer.Option("--format", help="table or json")] = "table",  # noqa: A002
) -> None:
    """List the accounts."""
    from rich.text import Text

    from rasad.register import users

    form = printing.form(format, FORMATS)
    found = _done(register, lambda engine, _: users.listed(engine))
    if form == "json":
        printing.print_json(found)
    elif not found:
        tell("nobody has an account; `rasad user add NAME` makes one")
    else:
        rows = [[user.name, user.role, user.created[:10], "closed" if user.disabled else ""] for user in found]
        printing.print_table(
            printing.console(), ["Name", "Role", "Made", ""], [[Text(cell) for cell in row] for row in rows]
        )


@app.command()
def password(name: Name, register: RegisterOption = None) -> None:
    """Set another password: asked for, or read as a line from standard input. Every session of the account ends."""
    from rasad.register import users

    def set_(engine: Engine, by: By) -> None:
        plain = _known(engine, name)
        users.set_password(engine, plain, _password(plain), by)
        typer.echo(f"the password of {plain} was changed; every session has ended")

    _done(register, set_)


@app.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="reader, reviewer or admin", show_default=False)],
    register: RegisterOption = None,
) -> None:
    """Set another role. It holds from the next page on."""
    from rasad.register import users

    checked = _role(role)
    _done(register, lambda engine, by: users.set_role(engine, _known(engine, name), checked, by))
    typer.echo(f"{users.written(name)} is {checked} now")


@app.command()
def disable(name: Name, register: RegisterOption = None) -> None:
    """Close an account: its sessions and tokens end for good, what it decided stays."""
    from rasad.register import users

    _done(register, lambda engine, by: users.set_disabled(engine, _known(engine, name), True, by))
    typer.echo(f"the account of {users.written(name)} is closed")


@app.command()
def enable(name: Name, register: RegisterOption = None) -> None:
    """Open a closed account again."""
    from rasad.register import users

    _done(register, lambda engine, by: users.set_disabled(engine, _known(engine, name), False, by))
    typer.echo(f"the account of {users.written(name)} is open")


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option("--for", metavar="TEXT", help="What the token is for.")] = "",
    role: RoleOption = "reader",
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days for which it is good.")] = 90,
    register: RegisterOption = None,
) -> None:
    """Make a token for a program, which may do what its role and the account may. It is printed this once."""
    from rasad.register import sessions

    checked = _role(role)
    typer.echo(_done(register, lambda engine, by: sessions.add_token(engine, label, checked, by, of=name, days=days)))


def _done(register: str | None, act: Callable[[Engine, By], Given]) -> Given:
    """Does it with the register, in the name of who is logged in at this machine."""
    from rasad.register.audit import By
    from rasad.register.users import UserError
    from rasad.web.access.own import local_user

    with opened(register) as kept:
        try:
            return act(kept.engine, By(local_user(), "command line"))
        except UserError as error:
            raise wrong_use(str(error)) from None


def _known(engine: Engine, name: str) -> str:
    from rasad.register import users

    plain = users.written(name)
    names = [user.name for user in users.listed(engine)]
    if plain not in names:
        raise users.UserError(f"{plain}: there is no account of this name{nearest(plain, names)}")
    return plain


def _role(given: str) -> Role:
    from rasad.register.users import ROLES

    for role in ROLES:
        if role == given:
            return role
    raise wrong_use(f"{given!r} is no role; {', '.join(ROLES)} are{nearest(given, ROLES)}")


def _password(name: str) -> str:
    """The hash of a password that somebody types twice, or that comes as a line from a program."""
    from rasad.web.access import passwords
    from rasad.web.words import words

    if sys.stdin.isatty():
        given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    try:
        return passwords.hashed(passwords.checked(given, name))
    except passwords.PasswordError as error:
        raise wrong_use(words()(str(error), n=passwords.SHORTEST)) from None
