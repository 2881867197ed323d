"""Which commands there are, and where. The module of a command is loaded when the command is run, or when all are listed: reading a
report does not wait for what it does not need."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

REGISTER = "The register: the claims of many reports, gathered"
ANALYSIS = "What an analyst asks"
DESK = "The desk: pages on the register"
#: The module of each command and its part of the help, in the order in which the help lists them. A module has a function of the
#: command's name or, for a command with commands of its own, an ``app``; and, where there is more to say, ``STATUS``: the last line
#: of its help.
PLACES: dict[str, tuple[str, str | None]] = {
    "read": ("read", None),
    "run": ("run", None),
    "add": ("add", REGISTER),
    "watch": ("watch", REGISTER),
    "watched": ("watched", REGISTER),
    "retry": ("retry", REGISTER),
    "load": ("load", REGISTER),
    "deals": ("list", REGISTER),
    "relations": ("list", REGISTER),
    "entities": ("entities", REGISTER),
    "show": ("show", REGISTER),
    "search": ("search", REGISTER),
    "review": ("review", REGISTER),
    "reconcile": ("reconcile", REGISTER),
    "import": ("imports", REGISTER),
    "export": ("exports", REGISTER),
    "upgrade": ("upgrade", REGISTER),
    "serve": ("serve", DESK),
    "user": ("user", DESK),
    "market": ("market", ANALYSIS),
    "supplier": ("market", ANALYSIS),
    "flows": ("flows", ANALYSIS),
    "dependence": ("dependence", ANALYSIS),
    "allegations": ("allegations", ANALYSIS),
    "alignment": ("alignment", ANALYSIS),
    "embargoes": ("embargoes", ANALYSIS),
    "brief": ("brief", ANALYSIS),
}


class Commands(TyperGroup):
    """The command ``rasad``."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Loaded()


class _Loaded(MutableMapping[str, Any]):
    """Commands by name, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _made(name, *PLACES[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


def _made(name: str, module: str, panel: str | None) -> Any:
    place = import_module(f"rasad.cli.{module}")
    alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
    if hasattr(place, "app"):
        alone.add_typer(place.app, name=name, rich_help_panel=panel)
    else:
        kind = getattr(place, "Command", TyperCommand)
        status = getattr(place, "STATUS", None)
        alone.command(name, cls=kind, epilog=status, rich_help_panel=panel)(getattr(place, name))
    return typer.main.get_group(alone).commands[name]
