"""What stands at an address of the web, fetched so that nobody can make this machine reach into the network it stands in.

Only HTTP and HTTPS on their own ports; only addresses that all the world can reach; the address that was checked is the one that
is connected to, so that a name cannot mean another one meanwhile (DNS rebinding); and the same again for each redirect. See
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import asyncio
import re
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx
import msgspec

from rasad.claims import Document
from rasad.sources import splits
from rasad.sources.forms import TYPES
from rasad.sources.markup import host_of
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped

Fault = Literal["refused", "forbidden", "unreachable", "slow", "large", "type", "unchanged"]
PORTS = (80, 443)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_REACHED = [
    # What is_global leaves in of IANA's special-purpose registries: relays into IPv4, and addresses of protocols and of examples
    # https://www.iana.org/assignments/iana-ipv6-special-registry https://www.iana.org/assignments/iana-ipv4-special-registry
    ip_network(block)
    for block in ("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
                  "2001::/23", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]  # fmt: skip
_UNICAST = ip_network("2000::/3")
_TRACKING = re.compile(r"(?:utm_[^=&]*|fbclid|gclid|yclid)(?:=|$)", re.IGNORECASE)
LONGEST = 2_000  #: characters of what a server tells of the state of an answer, at most


class FetchError(Exception):
    """Nothing was fetched; the message names the address and says why. ``fault`` is the sort of reason (``forbidden``: by
    robots.txt; ``unchanged``: since what was fetched before), ``status`` what the server answered, if it did, and ``wait`` the
    seconds for which it asks to be left alone."""

    def __init__(self, fault: Fault, message: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(message)
        self.fault: Fault = fault
        self.status = status
        self.wait = wait


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is fetched: ``size`` in bytes, packed and unpacked; ``seconds`` in all; how often it may be sent on. ``private``:
    addresses of the own network, and other ports, are reached too."""

    size: int = 10 * 2**20
    seconds: float = 20.0
    redirects: int = 5
    private: bool = False


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """How an address is asked for. ``agent``: who says to be asking, ``types``: what is taken, None for anything. ``etag`` and
    ``modified``: what the server told of the state that was fetched before; only another one is sent."""

    agent: str = f"Rasad/{version('rasad')} (an analyst asked for this page)"
    accept: str = ", ".join(TYPES)
    types: frozenset[str] | None = frozenset(TYPES)
    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        """What a request says of it."""
        known = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        told = {name: value for name, value in known.items() if value}
        return {"User-Agent": self.agent, "Accept": self.accept, "Accept-Encoding": "gzip", **told}


class Fetched(NamedTuple):
    """What stands at an address: the one that it was sent on to last, the type and encoding that the server tells, the bytes, and
    what it tells of their state."""

    address: str
    type: str
    encoding: str | None
    data: bytes
    etag: str | None = None
    modified: str | None = None


Gate = Callable[[str], AbstractAsyncContextManager[None]]


class _Place(NamedTuple):
    """An address of the web that may be fetched, with where its name leads."""

    parts: SplitResult
    host: str
    port: int
    numbers: tuple[IPv4Address | IPv6Address, ...]


async def fetch(
    address: str, limits: Limits = Limits(), asking: Asking = Asking(), gate: Gate = lambda _: nullcontext()
) -> Fetched:
    """What stands at an address. Each request is made within ``gate(address)``, which may let it wait (that counts for no limit)
    or refuse it. Raises FetchError for what may not be fetched, is not there, too large, too slow, or no text."""
    given, left = address.strip(), limits.seconds
    at = given
    for _ in range(limits.redirects + 1):
        async with gate(at):
            began = monotonic()
            try:
                async with asyncio.timeout(left):
                    found = await _asked(at, limits, asking)
            except TimeoutError:
                raise FetchError("slow", f"{given}: took longer than {limits.seconds:g} seconds") from None
            left -= monotonic() - began
        if isinstance(found, Fetched):
            return found
        at = found
    raise FetchError("refused", f"{at}: sent on more than {limits.redirects} times")


async def _asked(address: str, limits: Limits, asking: Asking) -> Fetched | str:
    """What one address answers, or the address that it sends on to."""
    place = await _place(address, limits)
    async with httpx.AsyncClient(trust_env=False, timeout=limits.seconds) as client:
        fault: Exception | None = None
        for number in place.numbers:
            try:
                answer = await client.send(_request(client, place, number, asking), stream=True)
            except httpx.ConnectError as error:
                fault = error
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise FetchError("unreachable", f"{address}: {_reason(error)}") from None
            try:
                return await _answer(address, answer, limits, asking)
            except httpx.HTTPError as error:
                raise FetchError("unreachable", f"{address}: broke off ({_reason(error)})") from None
            finally:
                await answer.aclose()
    raise FetchError("unreachable", f"{address}: cannot be reached ({_reason(fault)})")


def _reason(error: Exception | None) -> str:
    return str(error) or type(error).__name__


def _request(
    client: httpx.AsyncClient, place: _Place, number: IPv4Address | IPv6Address, asking: Asking
) -> httpx.Request:
    """The request to the number that was checked, under the name that was asked for: also for the certificate."""
    shown = f"[{number}]" if number.version == 6 else str(number)
    target = place.parts._replace(netloc=f"{shown}:{place.port}", fragment="")
    return client.build_request(
        "GET",
        target.geturl(),
        headers={"Host": place.parts.netloc, **asking.headers()},
        extensions={"sni_hostname": place.host},
    )


async def _place(address: str, limits: Limits) -> _Place:
    """An address with where its name leads, if it may be fetched."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode() if not _is_number(parts.hostname) else str(parts.hostname)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:  # UnicodeError is one
        raise FetchError("refused", f"{address}: is no address of the web") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError("refused", f"{address}: only addresses that begin with http:// or https:// are fetched")
    if parts.username is not None or any(c.isspace() or not c.isprintable() for c in address):
        raise FetchError("refused", f"{address}: an address with a user's name, or blanks, is not fetched")
    if port not in PORTS and not limits.private:
        raise FetchError("refused", f"{address}: port {port} is not fetched from, only 80 and 443")
    try:
        led = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise FetchError("unreachable", f"{address}: no machine is known under the name {host}") from None
    numbers = tuple(dict.fromkeys(ip_address(str(entry[4][0])) for entry in led))
    hidden = [number for number in numbers if not reached_by_all(number)]
    if hidden and not limits.private:
        raise FetchError(
            "refused", f"{address}: {host} is an address within a network ({hidden[0]}), which is not fetched from"
        )
    return _Place(parts._replace(netloc=_netloc(host, parts.port)), host, port, numbers)


def _is_number(host: str | None) -> bool:
    try:
        return bool(ip_address(host or ""))
    except ValueError:
        return False


def _netloc(host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def reached_by_all(number: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the world's: not private, loopback, link-local, shared, multicast, reserved, nor an IPv4 address
    in the clothes of IPv6."""
    if number.version == 6 and number not in _UNICAST:
        return False
    if any(number in block for block in _NOT_REACHED if block.version == number.version):
        return False
    return number.is_global and not number.is_multicast


async def _answer(address: str, answer: httpx.Response, limits: Limits, asking: Asking) -> Fetched | str:
    status, headers = answer.status_code, answer.headers
    if status in _REDIRECTS and "location" in headers:
        try:
            return urljoin(address, headers["location"])
        except ValueError:
            raise FetchError("refused", f"{address}: is sent on to what is no address") from None
    if status == 304 and (asking.etag or asking.modified):
        raise FetchError("unchanged", f"{address}: has not changed", status)
    if status != 200:
        told_status = f"{address}: answers {status} {answer.reason_phrase}".rstrip()
        raise FetchError("unreachable", told_status, status, _wait(headers.get("retry-after", "")))
    told = Message()
    told["content-type"] = headers.get("content-type", "")
    kind = told.get_content_type() if headers.get("content-type") else "of no type"
    if asking.types is not None and kind not in asking.types:
        raise FetchError(
            "type", f"{address}: is {kind}; only pages (text/html), plain text, PDF and Word documents are read"
        )
    data = await _body(address, answer, limits.size)
    state = (headers.get(name, "")[: LONGEST + 1] for name in ("etag", "last-modified"))
    etag, modified = (one if 0 < len(one) <= LONGEST and one.isascii() else None for one in state)
    return Fetched(address, kind, told.get_content_charset(), data, etag, modified)


def _wait(told: str) -> float | None:
    """The seconds that ``Retry-After`` tells, as a number or as a date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after"""
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def plain(address: str) -> str:
    """An address without what makes no difference to the text at it: fragment, capitals of the host, the port that is meant
    anyway, and parameters that tell where a reader came from (``utm_…``). Raises ValueError for what is no address of the web."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{address}: is no address of the web")
    port = None if parts.port == {"http": 80, "https": 443}[parts.scheme] else parts.port
    query = "&".join(one for one in parts.query.split("&") if not _TRACKING.match(one))
    return parts._replace(
        netloc=_netloc(parts.hostname, port), path=parts.path or "/", query=query, fragment=""
    ).geturl()


async def _body(address: str, answer: httpx.Response, size: int) -> bytes:
    """The bytes of an answer, unpacked as they come and never beyond ``size``."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise FetchError("type", f"{address}: is packed as {packing}, which was not asked for")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in packing else None
    data, came = bytearray(), 0
    async for block in answer.aiter_raw():
        came += len(block)
        try:
            data += unpack.decompress(block, size + 1 - len(data)) if unpack is not None else block
        except zlib.error:
            raise FetchError("unreachable", f"{address}: is packed, and the packing is broken") from None
        if came > size or len(data) > size:
            raise FetchError("large", f"{address}: is larger than {size / 2**20:g} MB")
    if unpack is not None and not unpack.eof:
        raise FetchError("unreachable", f"{address}: broke off")
    return bytes(data)


def documents_of(fetched: Fetched) -> Iterator[Document | Problem | Skipped]:
    """What was fetched as a document, or several where it is a very long text, with its address; or why it is none."""
    at = fetched.address
    piece = Piece(
        name=at, place=at, form=TYPES.get(fetched.type, "html"), data=fetched.data, encoding=fetched.encoding,
        size=len(fetched.data), known=Provenance(address=at),
    )  # fmt: skip
    for entry in splits.documents_of(piece):
        yield _found_at(at, entry) if isinstance(entry, Document) else entry


def _found_at(address: str, document: Document) -> Document:
    """With its address, and as outlet the name of the place, where the page does not call itself anything."""
    own = document.address or address
    return msgspec.structs.replace(document, address=plain(own), outlet=document.outlet or host_of(address))
