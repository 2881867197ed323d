"""What is to be visited, how often, and how: a file in TOML that a person writes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from rasad.languages import codes
from rasad.sources.addresses import plain

Kind = Literal["feed", "sitemap", "page"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HOUR = 3600.0
DAY = 24 * HOUR
SHORTEST = 60.0  #: seconds between two visits to a source
PAUSE = 1.0  #: seconds between two requests to a host that is not of the own network, at least
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNITS = {"s": 1.0, "m": 60.0, "h": HOUR, "d": DAY}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A feed, a sitemap or a page. ``every``: seconds from one visit to the next; ``since``: of a sitemap, for how many seconds what
    it dates is new. ``outlet`` and ``language`` hold for all its texts, whatever they tell."""

    kind: Kind
    address: str
    every: float = HOUR
    outlet: str | None = None
    language: str | None = None
    since: float = 7 * DAY


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Sources, and how they are visited. ``contact``: where who is visited can ask (a mail address or a page); ``rate``: seconds
    between two requests to a host; ``hosts``: how many are asked at once; ``private``: addresses of the own network are visited too,
    and as often as one likes."""

    contact: str
    sources: tuple[Source, ...]
    rate: float = 5.0
    hosts: int = 8
    private: bool = False


class PlanError(ValueError):
    """A plan cannot be followed: ``mistakes`` has a line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


def plan_in(path: Path) -> Plan:
    """The plan in a file. Raises PlanError, with the name of the file in each line."""
    try:
        return plan_of(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise PlanError([f"{path}: cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError:
        raise PlanError([f"{path}: is not in UTF-8"]) from None
    except PlanError as error:
        raise PlanError([f"{path}: {mistake}" for mistake in error.mistakes]) from None


def plan_of(text: str) -> Plan:
    """The plan that a text in TOML is. Raises PlanError for all that is wrong with it."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError([f"is no TOML: {error}"]) from None
    mistakes: list[str] = []
    top = _checked({key: value for key, value in told.items() if key not in KINDS}, _TOP, "", mistakes, KINDS)
    private = top.get("private") is True
    if "contact" not in told:
        mistakes.append("contact: is missing; a mail address or a page where who is visited can ask what you are doing")
    if not private and 0 <= top.get("rate", PAUSE) < PAUSE:
        mistakes.append(
            f"rate: {top['rate']:g} is less than a second, which only the own network bears (private = true)"
        )
    every = top.pop("every", HOUR)
    sources: dict[str, Source] = {}
    for kind in KINDS:
        _add_sources(sources, kind, told.get(kind, []), every, private, mistakes)
    if not sources and not any(kind in told for kind in KINDS):
        mistakes.append("nothing is to be visited: [[feed]], [[sitemap]] or [[page]] with an address is missing")
    if mistakes:
        raise PlanError(mistakes)
    return Plan(sources=tuple(sources.values()), **top)


def _add_sources(
    sources: dict[str, Source], kind: Kind, given: Any, every: float, private: bool, mistakes: list[str]
) -> None:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        mistakes.append(f"{kind}: is no list of tables; begin each with [[{kind}]]")
        return
    known = _SITEMAP if kind == "sitemap" else _SOURCE
    for number, one in enumerate(given, 1):
        where = f"[[{kind}]] {number}, "
        fields = {"every": every, **_checked(one, known, where, mistakes)}
        if fields["every"] < SHORTEST and not private:
            mistakes.append(f"{where}every: is less than a minute, which only the own network bears (private = true)")
        if "address" not in one:
            mistakes.append(f"{where}address: is missing")
        elif fields.get("address") in sources:
            mistakes.append(f"{where}address: {fields['address']} is there already")
        elif "address" in fields:
            sources[fields["address"]] = Source(kind=kind, **fields)


Check = Callable[[Any], Any]


def _checked(
    given: Mapping[str, Any], known: Mapping[str, Check], where: str, mistakes: list[str], more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The fields that are as they should be; what is not is added to the mistakes."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            mistakes.append(f"{where}{name}: means nothing here (known: {', '.join([*known, *more])})")
            continue
        try:
            found[name] = known[name](value)
        except ValueError as error:
            mistakes.append(f"{where}{name}: {value!r} {error}")
    return found


def _span(given: Any) -> float:
    match = _SPAN.fullmatch(given.strip()) if isinstance(given, str) else None
    if match is None or not float(match[1]):
        raise ValueError('is no span of time, such as "30m", "6h" or "1d"')
    return float(match[1]) * _UNITS[match[2]]


def _seconds(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given <= DAY:
        raise ValueError("is no number of seconds, such as 5")
    return float(given)


def _number(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 64:
        raise ValueError("is no number from 1 to 64")
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("is neither true nor false")
    return given


def _contact(given: Any) -> str:
    if not isinstance(given, str) or not re.fullmatch(r"(?:https?://|[!-'*-?A-~]+@)[!-'*-~]+", given):
        raise ValueError("is neither a mail address nor the address of a page")
    return given


def _words(given: Any) -> str:
    if not isinstance(given, str) or not given.strip() or not given.isprintable():
        raise ValueError("is no name")
    return given.strip()


def _language(given: Any) -> str:
    if given not in codes():
        raise ValueError(f"is not one of {', '.join(codes())}")
    return str(given)


def _address(given: Any) -> str:
    try:
        return plain(given if isinstance(given, str) else "")
    except ValueError:
        raise ValueError("is no address of the web") from None


_TOP: dict[str, Check] = {"contact": _contact, "every": _span, "rate": _seconds, "hosts": _number, "private": _flag}
_SOURCE: dict[str, Check] = {"address": _address, "outlet": _words, "language": _language, "every": _span}
_SITEMAP: dict[str, Check] = {**_SOURCE, "since": _span}
