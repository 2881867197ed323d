"""How a desk is run: on which register, for whom, under which names."""

from __future__ import annotations

import os

import msgspec

ENVIRONMENT = "RASAD_DESK"  #: the settings as JSON, for the processes that serve
OWN = ("127.0.0.1", "localhost", "[::1]")  #: the names of a machine for itself


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``register``: its file or URL. ``token``: that of the single user of an own machine; None where people have accounts.
    ``ticket``: a file that holds another token, good once. ``secret``: what is signed with it is of this start of the program. ``hosts``:
    the names under which the desk may be asked. ``secure``: it is reached over HTTPS, so cookies go over nothing else.
    ``fetch_private``: a text may also be fetched from the network that the desk stands in, and from any port."""

    register: str
    token: str | None = None
    ticket: str = ""
    secret: str = ""
    hosts: tuple[str, ...] = OWN
    secure: bool = False
    fetch_private: bool = False

    def to_environment(self) -> None:
        """Hands them to the processes that this one starts."""
        os.environ[ENVIRONMENT] = msgspec.json.encode(self).decode()

    @classmethod
    def from_environment(cls) -> Settings:
        """Those that the process which started this one handed over."""
        return msgspec.json.decode(os.environ[ENVIRONMENT], type=cls)
