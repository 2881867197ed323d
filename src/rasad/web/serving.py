"""The desk listens: on which address, for whom, with how many processes, and what it refuses."""

from __future__ import annotations

import errno
import ipaddress
import os
import secrets
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import uvicorn
from uvicorn.supervisors import Multiprocess

from rasad.register import Register, StoreError, attempts, users
from rasad.web.settings import OWN, Settings

PORT = 8321  #: where no other is asked for; one of the next, where it is taken
NEXT = 20  #: ports that are tried
APPLICATION = "rasad.web.app:create_app"
GRACE = 5  #: seconds that pages have to come to an end when the program does


class ServeError(Exception):
    """The desk cannot be served so; the message says why and what to do."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. ``port``: None for :data:`PORT` or one near it. ``names``: under which other machines ask. ``own``: for one
    person, though there are accounts. ``proxy``: a program before this one speaks TLS. ``insecure``: nothing does, and that is
    known."""

    host: str = "127.0.0.1"
    port: int | None = None
    browser: bool = False
    workers: int = 1
    names: tuple[str, ...] = ()
    proxy: bool = False
    own: bool = False
    insecure: bool = False


def serve(settings: Settings, wanted: Wanted, tell: Callable[[str], None]) -> None:
    """Serves until it is interrupted. Raises ServeError where it cannot listen."""
    with _listening(wanted) as listening, tempfile.TemporaryDirectory(prefix="rasad-") as folder:
        settings, ticket = _with_ticket(settings, folder) if wanted.browser and settings.token else (settings, "")
        home = _home(listening, wanted)
        tell(f"the desk is open at {home}" + (f"?token={settings.token}" if settings.token else ""))
        if wanted.proxy:
            tell(f"hand on to it at {_place(listening)}")
        tell("end it with Ctrl-C")
        if wanted.browser and not _opened(home + (f"?token={ticket}" if ticket else "")):
            tell("no browser could be opened: open the address yourself")
        _run(settings, wanted, listening)


def _opened(address: str) -> bool:
    """Whether a browser was opened: the one that ``BROWSER`` names, or one with windows; none that would take the terminal, where
    the program tells how to end it."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    takes_the_terminal = type(browser) is webbrowser.GenericBrowser and "BROWSER" not in os.environ
    return not takes_the_terminal and browser.open(address)


def settings_for(register: Register, address: str, wanted: Wanted) -> Settings:
    """How the desk on a register, open at ``address``, is run. Raises ServeError for what would let in whom it should not."""
    for_all = bool(wanted.names) or wanted.proxy or not _is_loopback(wanted.host)
    has_accounts = users.any_users(register.engine)
    if for_all:
        _check_open_to_others(wanted, has_accounts)
    secret = secrets.token_urlsafe(32)
    hosts = tuple(dict.fromkeys([*OWN, _bracketed(wanted.host), *(_bracketed(name) for name in wanted.names)]))
    if not for_all and (wanted.own or not has_accounts):
        return Settings(register=address, token=secrets.token_urlsafe(24), secret=secret, hosts=hosts)
    try:
        attempts.forget(register.engine)
    except StoreError as error:
        raise ServeError(f"{error}; without that nobody can log in. --own serves it to you alone") from None
    return Settings(register=address, secret=secret, hosts=hosts, secure=wanted.proxy)


def _check_open_to_others(wanted: Wanted, has_accounts: bool) -> None:
    if wanted.own:
        raise ServeError("--own is for your own machine: not with --host of another address, --name or --proxy")
    if not has_accounts:
        raise ServeError("others could come in: make accounts first, `rasad user add NAME --role admin`")
    if not wanted.proxy and not wanted.insecure:
        raise ServeError(
            "passwords would cross the network as they are typed: put a program that speaks TLS before the desk and say --proxy, "
            "or say --insecure where the network itself is trusted"
        )
    if not wanted.names and (wanted.proxy or _is_any(wanted.host)):
        raise ServeError("say under which name the desk is asked for, as in --name desk.example.org")


def _listening(wanted: Wanted) -> socket.socket:
    ports = range(PORT, PORT + NEXT) if wanted.port is None else [wanted.port]
    family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
    for port in ports:
        try:
            listening = socket.create_server((wanted.host, port), family=family, backlog=512)
        except OverflowError:
            raise ServeError(f"--port: {port} is no port; 0 to 65535 are") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServeError(f"cannot listen at {wanted.host}, port {port}: {_why(error)}") from None
            continue
        listening.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # else the end of a page waits 40 ms for the browser's word
        return listening
    tried = f"ports {ports[0]} to {ports[-1]} are" if len(ports) > 1 else f"port {ports[0]} is"
    raise ServeError(f"{tried} taken at {wanted.host} by another program; --port 0 takes one that is free")


def _why(error: OSError) -> str:
    reasons = {
        errno.EADDRNOTAVAIL: "this machine has no such address",
        errno.EACCES: "only an administrator may listen there; take a port from 1024 on",
    }
    number = error.errno or 0
    if number < 0:  # what the resolver of names says
        return "there is no such address"
    return reasons.get(number, os.strerror(number))


def _home(listening: socket.socket, wanted: Wanted) -> str:
    if wanted.proxy:
        return f"https://{_bracketed(wanted.names[0])}/"
    return _place(listening, *wanted.names)


def _place(listening: socket.socket, *names: str) -> str:
    address, port = listening.getsockname()[:2]
    return f"http://{_bracketed(names[0] if names else address)}:{port}/"


def _with_ticket(settings: Settings, folder: str) -> tuple[Settings, str]:
    """With a token that is good once, for the browser that is opened."""
    ticket = secrets.token_urlsafe(24)
    held = Path(folder, "ticket")
    held.write_text(ticket, "ascii")
    return msgspec.structs.replace(settings, ticket=str(held)), ticket


def _run(settings: Settings, wanted: Wanted, listening: socket.socket) -> None:
    """Serves in this process, or in several, which find the settings in their environment."""
    settings.to_environment()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that nothing is left behind
    config = uvicorn.Config(
        APPLICATION, factory=True, workers=wanted.workers, log_level="warning", access_log=False, server_header=False,
        date_header=False, timeout_graceful_shutdown=GRACE, proxy_headers=wanted.proxy, forwarded_allow_ips=["127.0.0.1", "::1"],
    )  # fmt: skip
    with suppress(KeyboardInterrupt):
        if wanted.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_any(host: str) -> bool:
    return not host or (_is_address(host) and ipaddress.ip_address(host).is_unspecified)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _bracketed(name: str) -> str:
    """A name as it stands in an address: of IPv6 in brackets."""
    return f"[{name}]" if ":" in name else name.lower()
